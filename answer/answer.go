// Package answer turns passages into an answer that stands on quotes, or into
// the statement that the articles do not say. The Answerer searches, lets
// answer/rank choose sentences, lets a language model word them if there is
// one (answer/draft, answer/guard), and prints the sentences' own bytes.
package answer

import (
	"time"

	"verbatim/answer/draft"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Mode says who writes the prose of an answer.
type Mode string

// The modes. The zero Mode means ModeModel if there is a
// model, else ModeExtractive.
const (
	ModeExtractive Mode = "extractive"
	ModeModel      Mode = "model"
)

// Status says whether the articles say.
type Status string

// The statuses of an answer.
const (
	StatusAnswered   Status = "answered"
	StatusUnsure     Status = "unsure" // quotes are printed, but may not answer
	StatusNoEvidence Status = "no_evidence"
)

// MaxQuestion is the longest question that is taken, in characters (runes).
const MaxQuestion = 2000

// The most quotes that an answer prints.
const (
	MaxQuotes      = 5
	MaxModelQuotes = 8 // in ModeModel
)

// Request is one question as it is put.
type Request struct {
	Question string
	Filter   retrieval.Filter
	AsOf     corpus.Date // what "now" means, if it was given
	// Today is what "now" means if AsOf is ""; without both it is Options.Today.
	// It counts only if the question refers to it.
	Today   corpus.Date
	Quotes  int // at most so many; 0 or more than there may be means as many as there may be
	Mode    Mode
	History []Turn // earlier turns of the conversation, oldest first
	Explain bool   // fill Quote.Features

	// Progress, if set, is called as parts of the answer are ready: first
	// with a follow-up as it was understood, then with what is searched, then,
	// if a model is asked, with the quotes that were found, then each time
	// that one more point of the model has passed the guard. It is called from
	// the goroutine of Ask, which waits for it. It changes nothing about the
	// answer.
	//
	// A point that was reported stands in the answer with the same text and on
	// the same quotes, which may have other numbers there, unless the model
	// fails before it is done: then the answer is ModeExtractive, a note says
	// that points are withdrawn, and whoever showed them has to take them back.
	Progress func(Progress)

	id      string // of this question in the budget
	assumed bool   // AsOf was not given
	search  string // what is searched for; "" is Question
}

// Turn is one earlier question of a conversation and what it was answered.
type Turn = draft.Turn

// Progress is a part of an answer that is ready before the whole is. Fields
// that are not set say nothing new.
type Progress struct {
	Understood string // the question as rewritten to stand alone, if it was
	Searched   *Searched
	// Found are the quotes that would be the answer without a model, best
	// first. They have no numbers: a model's points may need others.
	Found []Quote
	// Points are all points of a model that stand so far, and Quotes all quotes
	// that they need, in the order of an answer and numbered from 1 among
	// themselves: an answer of these points alone. They take the place of those
	// reported before. Quotes without Points are those of an answer without a
	// model, which follows.
	Points []Point
	Quotes []Quote
}

// Answer is what the articles say to a question.
type Answer struct {
	Question string // as put, or as rewritten to stand alone
	Asked    string // as put, if Question was rewritten; else ""
	Status   Status
	Mode     Mode
	Text     string // with [1] marks; of a refusal, the sentence of refusal
	Points   []Point
	Quotes   []Quote
	// Summary are the answers that the quotes give, the best first; only if Status
	// is StatusAnswered.
	Summary   []Value
	Spellings []Spelling // of names in the question
	Sources   Sources
	Searched  Searched
	Nearest   []Quote  // if Status is StatusNoEvidence
	Notes     []string // what was degraded, limited or assumed
	Dropped   int      // points whose wording by a model was replaced by their sentences
	AsOf      corpus.Date
	// Sure is the calibrated probability, from 0 to 1, that the articles say.
	Sure   float64
	Took   time.Duration
	Tokens Tokens
}

// Point is one statement of an answer with the numbers (from 1) of the
// quotes that carry it.
type Point struct {
	Text   string
	Quotes []int
}

// Quote is a quote as it stands in an answer.
type Quote struct {
	corpus.Quote
	N        int // from 1; 0 if it has none yet
	Score    float64
	Features map[string]float64 // what each feature added to Score

	// Marks are the words that answer, inside the quote's span, in order; nil if
	// they are not known.
	Marks []corpus.Span
	// Also are quotes of other articles that say the same.
	Also []corpus.Ref
	// Context are at most two spans of the same article that the quote needs to
	// be understood, such as its heading, in the order of the text.
	Context []corpus.Quote
	// Newer is the ID of a later revision of the article, CorrectedBy that of the
	// article that corrects it; "" if there is none.
	Newer, CorrectedBy string
}

// Value is one answer among those that the quotes give.
type Value struct {
	Text     string // as it stands in one of Quotes
	Articles int    // that give it
	Quotes   []int  // numbers from 1
	Group    int    // values that agree have the same number, from 1
}

// Spelling says how the articles spell a name that was asked for otherwise.
type Spelling struct {
	Asked string
	Found []string
}

// Sources counts the articles that the printed quotes stand in.
type Sources struct {
	Articles    int
	Independent int // less copies
}

// Searched says what was searched. From and To are of the dated articles.
type Searched struct {
	Articles int
	From, To corpus.Date
}

// Tokens counts what a model read and wrote for an answer.
type Tokens = draft.Tokens
