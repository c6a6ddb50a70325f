package bot

import (
	"context"
	"strings"
	"unicode/utf8"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/internal/settings"
	"verbatim/retrieval/corpus"
)

// The verbs of buttons and modals. They stand in messages for ever: none may
// change its meaning.
const (
	verbContext = "c" // arg: ref
	verbMore    = "m" // arg: scope
	verbFollow  = "f" // arg: scope
	verbAll     = "a" // arg: refs
	verbRight   = "r"
	verbDown    = "d"
	verbWrong   = "w" // asks for a reason
	verbDelete  = "x" // arg: who may
	verbHuman   = "h"
	verbPassage = "ps" // arg: offset|scope; pages of a search
	verbPlaces  = "pq" // arg: offset|; pages of where words stand
	verbList    = "pl" // arg: offset|; pages of a list of articles
	verbText    = "pa" // arg: page|ID; pages of an article
)

// ask answers /ask.
func (b *bot) ask(ctx context.Context, r *request) (*reply, error) {
	s, err := scopeOf(r)
	if err != nil {
		return nil, err
	}
	return b.answer(ctx, r, r.options["question"], s, nil, "")
}

// menu answers "Find sources for this" on a message.
func (b *bot) menu(ctx context.Context, r *request) (*reply, error) {
	text := ""
	if r.target != nil {
		text = clean(withoutMentions(r.target.Content))
	}
	if text == "" {
		return nil, wordsError("I find no text in this message to look for.")
	}
	return b.sourcesFor(ctx, r, text)
}

// sourcesFor answers with what the articles say on a text.
func (b *bot) sourcesFor(ctx context.Context, r *request, text string) (*reply, error) {
	rep, err := b.answer(ctx, r, clip(text, maxQuestion), scope{}, nil, "Sources for")
	if err == nil && utf8.RuneCountInString(text) > maxQuestion {
		rep.blocks = append([]block{small("Only the beginning of the message was looked for.")}, rep.blocks...)
	}
	return rep, err
}

// answer asks the desk, and shows what a model has written so far.
func (b *bot) answer(ctx context.Context, r *request, question string, s scope, history []answer.Turn, kind string) (*reply, error) {
	question = clean(question)
	if utf8.RuneCountInString(question) > maxQuestion {
		return nil, wordsError(wordsLong)
	}
	if line, ok := answer.SmallTalk(question); ok && kind == "" {
		rep := say(line)
		rep.unanswered = true
		return rep, nil
	}
	req := answer.Request{Question: question, Filter: s.apply(r.filter(), r.settings.Outlets), History: history}
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
	rep := renderAnswer(question, a, s, kind)
	rep.blocks = append(limited(s, r.settings.Outlets), rep.blocks...)
	if !r.private && r.server != "" {
		rep.rows[len(rep.rows)-1] = append(rep.rows[len(rep.rows)-1], button{label: "Delete", id: makeID(verbDelete, r.user)})
	}
	if a.Status != answer.StatusAnswered && !r.private && r.settings.Human != "" {
		rep.rows = append(rep.rows, []button{{label: "Ask a human", id: makeID(verbHuman, "")}})
	}
	if rep.unanswered = a.Status == answer.StatusNoEvidence; rep.unanswered {
		b.keepUnanswered(ctx, r, a.Question)
	}
	return rep, nil
}

// limited says what the scope leaves out, where it leaves something out.
func limited(s scope, defaults []string) []block {
	var parts []string
	switch {
	case s.outlet != "":
		parts = append(parts, "only "+clip(s.outlet, maxName))
	case len(defaults) > 0:
		parts = append(parts, "only "+clip(strings.Join(defaults, ", "), 3*maxName)+" (chosen by the moderators)")
	}
	if s.since != "" {
		parts = append(parts, "since "+string(s.since))
	}
	if s.until != "" {
		parts = append(parts, "until "+string(s.until))
	}
	if len(parts) == 0 {
		return nil
	}
	return []block{small(strings.Join(parts, ", "))}
}

// scopeOf reads the options that limit a search.
func scopeOf(r *request) (scope, error) {
	s := scope{outlet: clean(r.options["outlet"])}
	for name, into := range map[string]*corpus.Date{"since": &s.since, "until": &s.until} {
		text := strings.TrimSpace(r.options[name])
		if text == "" {
			continue
		}
		d, err := corpus.ParseDate(text)
		if err != nil {
			return s, wordsError("I read a day as year, month and day, like 2021-07-04. I cannot read “" + escape(clip(clean(text), 40)) + "”.")
		}
		*into = d
	}
	if s.since != "" && s.until != "" && s.until < s.since {
		return s, wordsError("The day of “until” lies before the day of “since”: nothing can be found between them.")
	}
	return s, nil
}

// context shows a quote between its neighbours.
func (b *bot) context(ctx context.Context, r *request) (*reply, error) {
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
	rep := &reply{title: "Context"}
	for _, q := range []corpus.Quote{around.Before, around.Quote, around.After} {
		if q.Article() == nil {
			continue
		}
		text := escape(q.Text())
		if q == around.Quote {
			text = "> " + text + "\n" + bylineOf("", info, q.Text(), 0)
		}
		rep.blocks = append(rep.blocks, block{text: text, plain: safetext.Named(q.Text())})
	}
	rep.foot = "Source " + clip(info.Source, 2*maxName) + " · ref " + ref.String()
	rep.rows = [][]button{{{label: "Whole article", id: makeID(verbText, "0|"+ref.Article)}}}
	return rep, nil
}

// more shows passages that an answer did not quote.
func (b *bot) more(ctx context.Context, r *request) (*reply, error) {
	question, ok := b.question(r)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	shown := append(refs(r.target), hiddenRefs(r.target)...)
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	found, err := desk.Search(ctx, answer.SearchRequest{
		Query: question, Filter: parseScope(r.arg).apply(r.filter(), r.settings.Outlets), N: answer.DefaultHits,
	})
	if err != nil {
		return nil, err
	}
	rep := &reply{asked: question, title: "More sources", blocks: notes(found.Notes, 0)}
	var more []answer.Quote
	for _, h := range found.Hits {
		if len(more) == morePassages || holds(h.Quote.Ref(), shown) {
			continue
		}
		more = append(more, hitQuote(&h, len(more)+1))
		rep.blocks = append(rep.blocks, quoteBlock(len(more), &more[len(more)-1]))
	}
	if len(more) == 0 {
		rep.blocks = append(rep.blocks, block{text: "There are no other passages on this in the articles."})
	}
	rep.foot = searched(found.Searched)
	rep.rows = [][]button{contextButtons(more)}
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
	return asked(r.target)
}

// followUp asks for the next question.
func (b *bot) followUp(_ context.Context, r *request) (*reply, error) {
	return &reply{modal: &modal{
		id: parseScope(r.arg).id(verbFollow), title: "Follow up", label: "Your next question", max: maxQuestion,
		hint: "I know the question and the answer before it.",
	}}, nil
}

// followed answers the next question.
func (b *bot) followed(ctx context.Context, r *request) (*reply, error) {
	var history []answer.Turn
	if r.target != nil {
		history = turns(r.target)
	}
	return b.answer(ctx, r, r.options["text"], parseScope(r.arg), history, "")
}

// all shows the quotes of an answer that its message does not.
func (b *bot) all(ctx context.Context, r *request) (*reply, error) {
	question, ok := b.question(r)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	shown := len(refs(r.target))
	rep := &reply{asked: question, title: "The other quotes"}
	var quotes []answer.Quote
	for i, ref := range splitRefs(r.arg) {
		desk, err := b.options.Desk(ctx)
		if err != nil {
			return nil, err
		}
		q, err := desk.Quote(ctx, ref, r.scope())
		if err != nil {
			return nil, err
		}
		quotes = append(quotes, answer.Quote{Quote: q, N: shown + i + 1})
		rep.blocks = append(rep.blocks, quoteBlock(shown+i+1, &quotes[i]))
	}
	rep.rows = [][]button{contextButtons(quotes)}
	return rep, nil
}

// takeBack deletes an answer, for its asker and for moderators.
func (b *bot) takeBack(_ context.Context, r *request) (*reply, error) {
	if r.user != r.arg && !r.moderator {
		return nil, wordsError("Only who asked this, and moderators, can delete the answer.")
	}
	return &reply{deletes: true}, nil
}

// right keeps a reader's word that an answer is right.
func (b *bot) right(ctx context.Context, r *request) (*reply, error) {
	return b.feedback(ctx, r, true)
}

// down keeps a reader's word that an answer is wrong, without a reason.
func (b *bot) down(ctx context.Context, r *request) (*reply, error) {
	return b.feedback(ctx, r, false)
}

// wrong asks what is wrong.
func (b *bot) wrong(context.Context, *request) (*reply, error) {
	return &reply{modal: &modal{
		id: makeID(verbWrong, ""), title: "What is wrong?", label: "What is wrong with this answer?", max: maxReason, optional: true,
		hint: "For example: it answers another question; a source is missing.",
	}}, nil
}

// complained keeps a reader's complaint.
func (b *bot) complained(ctx context.Context, r *request) (*reply, error) {
	return b.feedback(ctx, r, false)
}

func (b *bot) feedback(ctx context.Context, r *request, right bool) (*reply, error) {
	question, ok := b.question(r)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	f := settings.Feedback{Server: r.server, Answer: r.target.ID, Question: question, Right: right, Reason: clip(clean(r.options["text"]), maxReason)}
	for _, ref := range append(refs(r.target), hiddenRefs(r.target)...) {
		f.Refs = append(f.Refs, ref.String())
	}
	if err := b.options.Settings.AddFeedback(ctx, r.user, f); err != nil {
		return nil, err
	}
	return say("Thank you, I keep that for my operator. With /privacy you can delete it."), nil
}
