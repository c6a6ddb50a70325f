package answer

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"verbatim/answer/draft"
	"verbatim/answer/guard"
)

// keptTurns is how many earlier turns a follow-up is read against.
const keptTurns = 6

// standAlone rewrites a follow-up into a question that stands alone: by the
// model where there is one, by rules where not or where it does not work.
func (an *Answerer) standAlone(ctx context.Context, r *Request, a *Answer) {
	if len(r.History) > keptTurns {
		r.History = slices.Clone(r.History[len(r.History)-keptTurns:])
	}
	if len(r.History) == 0 {
		return
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
		text, ok := RewriteRules(r.Question, r.History)
		if !ok {
			return
		}
		rewritten = text
	}
	if rewritten == r.Question {
		return
	}
	a.Asked, a.Question, r.Question = r.Question, rewritten, rewritten
	a.Notes = append(a.Notes, "Understood as: "+rewritten)
	if r.Progress != nil {
		r.Progress(Progress{Understood: rewritten})
	}
}

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
