package bot

import (
	"context"
	"errors"

	"verbatim/answer"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

const (
	wordsRestart = "I am being restarted. Please ask again in a minute."
	wordsBusy    = "Too many questions are waiting. Please ask again in a minute."
	wordsFault   = "Something went wrong on my side; my operator finds it in the log. Please ask again."
	wordsSlow    = "This took too long. Please ask again, or ask something shorter."
	wordsGone    = "I have no such article here. It may have been removed; /sources lists the articles that I have."
)

// wordsError is an error that is shown to the user as it is.
type wordsError string

func (e wordsError) Error() string { return string(e) }

// sentence returns what a user reads about err; known is false for an error
// that only the operator can do something about.
func sentence(err error) (words string, known bool) {
	var w wordsError
	switch {
	case errors.As(err, &w):
		return string(w), true
	case errors.Is(err, answer.ErrQuestion):
		return "Please ask a question, for example: /ask question: Who said what?", true
	case errors.Is(err, answer.ErrLongQuestion):
		return wordsLong, true
	case errors.Is(err, retrieval.ErrNotFound), errors.Is(err, corpus.ErrRef), errors.Is(err, corpus.ErrSpan):
		return wordsGone, true
	case errors.Is(err, context.DeadlineExceeded):
		return wordsSlow, false
	}
	return wordsFault, false
}

const wordsLong = "That is too long: I take questions of at most 500 characters. Please ask for less at a time."
