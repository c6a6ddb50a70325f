package bot

import (
	"context"
	"strings"
	"unicode/utf8"

	"verbatim/answer"
	"verbatim/bot/render"
	"verbatim/internal/safetext"
	"verbatim/internal/settings"
	"verbatim/retrieval/corpus"
)

// ask answers /ask.
func (b *bot) ask(ctx context.Context, r *request) (*render.Reply, error) {
	s, err := scopeOf(r)
	if err != nil {
		return nil, err
	}
	return b.answer(ctx, r, r.options["question"], s, nil, "")
}

// menu answers "Find sources for this" on a message.
func (b *bot) menu(ctx context.Context, r *request) (*render.Reply, error) {
	text := ""
	if r.target != nil {
		text = render.Clean(withoutMentions(r.target.Content))
	}
	if text == "" {
		return nil, wordsError("This message has no text that I can look for.")
	}
	return b.sourcesFor(ctx, r, text)
}

// sourcesFor answers with what the articles say on a text.
func (b *bot) sourcesFor(ctx context.Context, r *request, text string) (*render.Reply, error) {
	rep, err := b.answer(ctx, r, render.Clip(text, render.MaxQuestion), render.Scope{}, nil, "Sources for")
	if err == nil && utf8.RuneCountInString(text) > render.MaxQuestion {
		rep.Blocks = append([]render.Block{render.Small("Only the beginning of the message was looked for.")}, rep.Blocks...)
	}
	return rep, err
}

// answer asks the desk, and shows what a model has written so far.
func (b *bot) answer(ctx context.Context, r *request, question string, s render.Scope, history []answer.Turn, kind string) (*render.Reply, error) {
	question = render.Clean(question)
	if utf8.RuneCountInString(question) > render.MaxQuestion {
		return nil, wordsError(wordsLong)
	}
	if line, ok := answer.SmallTalk(question); ok && kind == "" {
		rep := render.Say(line)
		rep.Unanswered = true
		return rep, nil
	}
	req := answer.Request{Question: question, Filter: s.Apply(r.filter(), r.settings.Outlets), History: history}
	if r.show != nil {
		so := &parts{question: question, kind: kind}
		req.Progress = func(at answer.Progress) {
			if so.add(at) {
				r.show(ctx, so.render())
			}
		}
	}
	if b.closing.Load() {
		req.Mode = answer.ModeExtractive // there is no time for a model
	}
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	a, err := desk.Ask(ctx, req)
	if err != nil {
		return nil, err
	}
	rep := render.Answer(question, a, s, kind)
	rep.Blocks = append(limited(s, r.settings.Outlets), rep.Blocks...)
	if !r.private && r.server != "" {
		rep.Rows[len(rep.Rows)-1] = append(rep.Rows[len(rep.Rows)-1], render.Button{Label: "Delete", Id: render.MakeID(render.VerbDelete, r.user)})
	}
	if a.Status != answer.StatusAnswered && !r.private && r.settings.Human != "" {
		rep.Rows = append(rep.Rows, []render.Button{{Label: "Ask a human", Id: render.MakeID(render.VerbHuman, "")}})
	}
	if rep.Unanswered = a.Status == answer.StatusNoEvidence; rep.Unanswered {
		b.keepUnanswered(ctx, r, a.Question)
	}
	return rep, nil
}

// limited says what the scope leaves out, if it leaves something out.
func limited(s render.Scope, defaults []string) []render.Block {
	var parts []string
	switch {
	case s.Outlet != "":
		parts = append(parts, "only "+render.Clip(s.Outlet, render.MaxName))
	case len(defaults) > 0:
		parts = append(parts, "only "+render.Clip(strings.Join(defaults, ", "), 3*render.MaxName)+" (chosen by the moderators)")
	}
	if s.Since != "" {
		parts = append(parts, "since "+string(s.Since))
	}
	if s.Until != "" {
		parts = append(parts, "until "+string(s.Until))
	}
	if len(parts) == 0 {
		return nil
	}
	return []render.Block{render.Small(strings.Join(parts, ", "))}
}

// scopeOf reads the options that limit a search.
func scopeOf(r *request) (render.Scope, error) {
	s := render.Scope{Outlet: render.Clean(r.options["outlet"])}
	for name, into := range map[string]*corpus.Date{"since": &s.Since, "until": &s.Until} {
		text := strings.TrimSpace(r.options[name])
		if text == "" {
			continue
		}
		d, err := corpus.ParseDate(text)
		if err != nil {
			return s, wordsError("Please write a day as year-month-day, like 2021-07-04. I cannot read “" + render.Escape(render.Clip(render.Clean(text), 40)) + "”.")
		}
		*into = d
	}
	if s.Since != "" && s.Until != "" && s.Until < s.Since {
		return s, wordsError("“until” is before “since”: nothing can be found between them.")
	}
	return s, nil
}

// context shows a quote between its neighbours.
func (b *bot) context(ctx context.Context, r *request) (*render.Reply, error) {
	ref, err := corpus.ParseRef(r.arg)
	if err != nil {
		return nil, err
	}
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	around, err := desk.Context(ctx, ref, r.scope())
	if err != nil {
		return nil, err
	}
	info := &around.Quote.Article().Info
	rep := &render.Reply{Title: "Context"}
	for _, q := range []corpus.Quote{around.Before, around.Quote, around.After} {
		if q.Article() == nil {
			continue
		}
		text := render.Escape(q.Text())
		if q == around.Quote {
			text = "> " + text + "\n" + render.BylineOf("", info, q.Text(), 0)
		}
		rep.Blocks = append(rep.Blocks, render.Block{Text: text, Plain: safetext.Named(q.Text())})
	}
	rep.Foot = "Source " + render.Clip(info.Source, 2*render.MaxName) + " · ref " + ref.String()
	rep.Rows = [][]render.Button{{{Label: "Whole article", Id: render.MakeID(render.VerbText, "0|"+ref.Article)}}}
	return rep, nil
}

// more shows passages that an answer did not quote.
func (b *bot) more(ctx context.Context, r *request) (*render.Reply, error) {
	question, ok := b.question(r)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	shown := append(render.Refs(r.target), render.HiddenRefs(r.target)...)
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	found, err := desk.Search(ctx, answer.SearchRequest{
		Query: question, Filter: render.ParseScope(r.arg).Apply(r.filter(), r.settings.Outlets), N: answer.DefaultHits,
	})
	if err != nil {
		return nil, err
	}
	rep := &render.Reply{Asked: question, Title: "More sources", Blocks: render.Notes(found.Notes, 0)}
	var more []answer.Quote
	for _, h := range found.Hits {
		if len(more) == morePassages || holds(h.Quote.Ref(), shown) {
			continue
		}
		more = append(more, hitQuote(&h, len(more)+1))
		rep.Blocks = append(rep.Blocks, render.QuoteBlock(len(more), &more[len(more)-1]))
	}
	if len(more) == 0 {
		rep.Blocks = append(rep.Blocks, render.Block{Text: "There are no other passages on this in the articles."})
	}
	rep.Foot = render.Searched(found.Searched)
	rep.Rows = [][]render.Button{render.ContextButtons(more)}
	return rep, nil
}

const (
	morePassages = 3
	wordsUnread  = "I cannot read the question from this message any more. Please ask again with /ask."
)

// holds reports whether one of refs lies in the passage.
func holds(passage corpus.Ref, refs []corpus.Ref) bool {
	for _, r := range refs {
		if r.Article == passage.Article && passage.Overlaps(r.Span) {
			return true
		}
	}
	return false
}

// question reads back what a message of the bot answers.
func (b *bot) question(r *request) (string, bool) {
	return render.Asked(r.target)
}

// followUp asks for the next question.
func (b *bot) followUp(_ context.Context, r *request) (*render.Reply, error) {
	return &render.Reply{Modal: &render.Modal{
		Id: render.ParseScope(r.arg).Id(render.VerbFollow), Title: "Follow up", Label: "Your next question", Max: render.MaxQuestion,
		Hint: "I know the question and the answer before it.",
	}}, nil
}

// followed answers the next question.
func (b *bot) followed(ctx context.Context, r *request) (*render.Reply, error) {
	var history []answer.Turn
	if r.target != nil {
		history = render.Turns(r.target)
	}
	return b.answer(ctx, r, r.options["text"], render.ParseScope(r.arg), history, "")
}

// all shows the quotes of an answer that its message does not.
func (b *bot) all(ctx context.Context, r *request) (*render.Reply, error) {
	question, ok := b.question(r)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	shown := len(render.Refs(r.target))
	rep := &render.Reply{Asked: question, Title: "The other quotes"}
	var quotes []answer.Quote
	for i, ref := range render.SplitRefs(r.arg) {
		desk, err := b.options.Desk(ctx)
		if err != nil {
			return nil, err
		}
		q, err := desk.Quote(ctx, ref, r.scope())
		if err != nil {
			return nil, err
		}
		quotes = append(quotes, answer.Quote{Quote: q, N: shown + i + 1})
		rep.Blocks = append(rep.Blocks, render.QuoteBlock(shown+i+1, &quotes[i]))
	}
	rep.Rows = [][]render.Button{render.ContextButtons(quotes)}
	return rep, nil
}

// takeBack deletes an answer, for its asker and for moderators.
func (b *bot) takeBack(_ context.Context, r *request) (*render.Reply, error) {
	if r.user != r.arg && !r.moderator {
		return nil, wordsError("Only who asked this, and moderators, can delete the answer.")
	}
	return &render.Reply{Deletes: true}, nil
}

// right keeps a reader's word that an answer is right.
func (b *bot) right(ctx context.Context, r *request) (*render.Reply, error) {
	return b.feedback(ctx, r, true)
}

// down keeps a reader's word that an answer is wrong, without a reason.
func (b *bot) down(ctx context.Context, r *request) (*render.Reply, error) {
	return b.feedback(ctx, r, false)
}

// wrong asks what is wrong.
func (b *bot) wrong(context.Context, *request) (*render.Reply, error) {
	return &render.Reply{Modal: &render.Modal{
		Id: render.MakeID(render.VerbWrong, ""), Title: "What is wrong?", Label: "What is wrong with this answer?", Max: render.MaxReason, Optional: true,
		Hint: "For example: it answers another question; a source is missing.",
	}}, nil
}

// complained keeps a reader's complaint.
func (b *bot) complained(ctx context.Context, r *request) (*render.Reply, error) {
	return b.feedback(ctx, r, false)
}

func (b *bot) feedback(ctx context.Context, r *request, right bool) (*render.Reply, error) {
	question, ok := b.question(r)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	f := settings.Feedback{Server: r.server, Answer: r.target.ID, Question: question, Right: right, Reason: render.Clip(render.Clean(r.options["text"]), render.MaxReason)}
	for _, ref := range append(render.Refs(r.target), render.HiddenRefs(r.target)...) {
		f.Refs = append(f.Refs, ref.String())
	}
	if err := b.options.Settings.AddFeedback(ctx, r.user, f); err != nil {
		return nil, err
	}
	return render.Say("Thank you, I keep that for my operator. With /privacy you can delete it."), nil
}
