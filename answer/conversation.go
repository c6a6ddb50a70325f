package answer

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"verbatim/answer/conversation"
	"verbatim/answer/draft"
	"verbatim/answer/guard"
)

// keptTurns is how many earlier turns a follow-up is read against.
const keptTurns = 6

// InContext stands before the question of a note that a follow-up was searched
// for together with.
const InContext = "In the context of: "

// UnderstoodAs stands before the question of a note that a follow-up was
// rewritten to.
const UnderstoodAs = "Understood as: "

// standAlone reads a follow-up in its conversation: by the model if there is one,
// by rules if not or if that does not work. It returns false if there is nothing
// to search for, and then a says so.
func (an *Answerer) standAlone(ctx context.Context, r *Request, a *Answer) bool {
	if len(r.History) > keptTurns {
		r.History = slices.Clone(r.History[len(r.History)-keptTurns:])
	}
	if len(r.History) == 0 {
		return true
	}
	rewritten := ""
	if an.mayUseModel(ctx, *r, a) {
		text, err := an.rewrite(ctx, *r, a)
		if err != nil {
			an.log.Log(ctx, levelOf(err), "rewrite a follow-up", "err", err)
		}
		rewritten = text
	}
	if rewritten == "" || rewritten == r.Question {
		u := conversation.Understand(r.Question, r.History)
		switch {
		case u.Unclear != "":
			a.Status, a.Text = StatusNoEvidence, "Who is meant by “"+u.Unclear+"”? Nobody was named before. Please ask again with the name."
			return false
		case u.Topic != "":
			r.search = u.SearchText()
			a.Notes = append(a.Notes, InContext+u.Topic)
			return true
		}
		rewritten = u.Question
	}
	if rewritten == r.Question {
		return true
	}
	a.Asked, a.Question, r.Question = r.Question, rewritten, rewritten
	a.Notes = append(a.Notes, UnderstoodAs+rewritten)
	if r.Progress != nil {
		r.Progress(Progress{Understood: rewritten})
	}
	return true
}

// SmallTalk returns a friendly line if text is neither a question nor a statement that
// could be checked, but thanks, a greeting or the like.
func SmallTalk(text string) (line string, ok bool) { return conversation.SmallTalk(text) }

// rewrite lets the model rewrite r's question. It leaves time for the rest.
func (an *Answerer) rewrite(ctx context.Context, r Request, a *Answer) (string, error) {
	const share = .4
	ctx, cancel := within(ctx, share)
	defer cancel()
	p, err := draft.RewritePrompt(r.Question, r.History)
	if err != nil {
		return "", err
	}
	text, _, err := an.complete(r, a)(ctx, p, nil)
	if err != nil {
		return "", err
	}
	rewritten, err := draft.ParseRewrite(text)
	if err != nil {
		return "", err
	}
	if utf8.RuneCountInString(rewritten) > MaxQuestion || !guard.CheckRewrite(r.Question, rewritten, said(r.History)) {
		return "", errForeignRewrite
	}
	return rewritten, nil
}

var errForeignRewrite = errors.New("the question was rewritten to one that is not in the conversation")

// said returns the texts of a conversation.
func said(history []Turn) []string {
	var out []string
	for _, t := range draft.Recent(history) {
		out = append(out, t.Question, t.Answer)
	}
	return out
}

// within returns a context with a share of the time that is left in ctx, so
// that a slow model does not use up all of it: what the model does not answer
// is answered without it.
func within(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Duration(share*float64(time.Until(deadline))))
}
