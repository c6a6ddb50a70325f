package answer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"verbatim/answer/draft"
	"verbatim/answer/guard"
	"verbatim/answer/rank"
	"verbatim/retrieval/query"
)

const (
	// modelSentences is how many of the best sentences a model is shown. Of the
	// answerable questions of the natural set, 16, 24, 32 and 40 hold a sentence
	// that answers for .90, .94, .96 and .97, and of those that compare, all
	// values for .61, .72, .75 and .84. A sentence costs about 40 tokens.
	modelSentences = 40
	// hopeless is the confidence up to which a model is not asked, to save the
	// call.
	hopeless = .02
)

// shownSentences are the sentences that a model is shown, best first.
type shownSentences struct {
	sentences []*rank.Sentence
	quotes    []Quote // of each, checked, without numbers
}

// shown takes the best sentences that repeat no better one.
func (an *Answerer) shown(r Request, f *rank.Selection) (shownSentences, error) {
	var out shownSentences
	texts := make(map[string]bool)
	for _, s := range f.Ranked {
		if len(out.sentences) == modelSentences {
			break
		}
		q := an.quote(f, s, 0, r)
		if err := verbatim(q); err != nil {
			return out, err
		}
		ref := q.Ref()
		if texts[q.Text()] || slices.ContainsFunc(out.quotes, func(p Quote) bool { return p.Ref().Article == ref.Article && p.Span().Contains(ref.Span) }) {
			continue
		}
		texts[q.Text()] = true
		out.sentences, out.quotes = append(out.sentences, s), append(out.quotes, q)
	}
	return out, nil
}

// brief returns what the model is sent of the sentences.
func (s shownSentences) brief(r Request) draft.Brief {
	b := draft.Brief{Question: r.Question, AsOf: r.AsOf, Most: MaxModelQuotes}
	if r.Quotes < MaxQuotes {
		b.Most = r.Quotes
	}
	for _, q := range s.quotes {
		a := q.Article()
		b.Sentences = append(b.Sentences, draft.Sentence{
			Sentence: guard.Sentence{Text: q.Text(), Speaker: a.Name(), Published: a.Published},
			Article:  a.ID, Title: a.Title, Start: q.Span().Start,
		})
	}
	return b
}

// number returns points over quotes that are numbered from 1 in the order of
// an answer without a model.
func (s shownSentences) number(q *query.Question, points []guard.Point) ([]Point, []Quote) {
	var needed []int
	for _, p := range points {
		needed = append(needed, p.Sentences...)
	}
	quotes, at := s.pick(q, needed)
	out := make([]Point, len(points))
	for i, p := range points {
		out[i].Text = p.Text
		for _, n := range p.Sentences {
			out[i].Quotes = append(out[i].Quotes, at[n])
		}
		slices.Sort(out[i].Quotes)
	}
	return out, quotes
}

// pick returns the quotes of the sentences with the numbers, in the order of an
// answer, and for each number that of its quote.
func (s shownSentences) pick(q *query.Question, numbers []int) (quotes []Quote, at map[int]int) {
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	ordered := make([]*rank.Sentence, len(numbers))
	number := make(map[*rank.Sentence]int, len(numbers))
	for i, n := range numbers {
		ordered[i] = s.sentences[n-1]
		number[ordered[i]] = n
	}
	rank.Order(q, ordered)
	at = make(map[int]int, len(numbers))
	for i, x := range ordered {
		n := number[x]
		quote := s.quotes[n-1]
		quote.N, at[n] = i+1, i+1
		quotes = append(quotes, quote)
	}
	return quotes, at
}

// byModel lets the model answer. ok is false if it failed: the caller then
// answers without it, and a note says so.
func (an *Answerer) byModel(ctx context.Context, r Request, a *Answer, f *rank.Selection) (ok bool, err error) {
	shown, err := an.shown(r, f)
	if err != nil {
		return false, err
	}
	if err := an.reportFound(r, f); err != nil {
		return false, err
	}
	var onPoints func([]guard.Point)
	if r.Progress != nil {
		onPoints = func(points []guard.Point) {
			p, quotes := shown.number(f.Question(), points)
			r.Progress(Progress{Points: p, Quotes: quotes})
		}
	}
	const share = .9
	limited, cancel := within(ctx, share)
	defer cancel()
	written, err := draft.Write(limited, an.complete(r, a), shown.brief(r), onPoints)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		an.log.Log(ctx, levelOf(err), "answer by model", "err", err)
		a.Notes = append(a.Notes, draft.ReaderLine(err))
		if written.Withdrawn > 0 {
			a.Notes = append(a.Notes, withdrawn(written.Withdrawn))
		}
		return false, nil
	}
	a.Mode, a.Dropped, a.Notes = ModeModel, written.Replaced, append(a.Notes, written.Notes...)
	return true, an.conclude(r, a, f, shown, written)
}

// conclude makes the answer of what the model decided.
func (an *Answerer) conclude(r Request, a *Answer, f *rank.Selection, shown shownSentences, w draft.Written) error {
	selected, _ := shown.pick(f.Question(), w.Sentences)
	switch {
	case w.Verdict == draft.Answered:
		a.Status = StatusAnswered
		a.Points, a.Quotes = shown.number(f.Question(), w.Points)
		a.Text = Prose(a.Points)
	case w.Verdict == draft.Partly:
		a.Notes = append(a.Notes, "The language model found at most a part of the answer.")
		unsure(a, selected)
	case len(f.Chosen) > 0 && f.Confidence >= an.threshold:
		a.Notes = append(a.Notes, "The language model found no answer in these passages.")
		chosen, err := an.numbered(f, f.Chosen, r)
		if err != nil {
			return err
		}
		unsure(a, chosen)
	default:
		an.refuse(a, f, r)
		if len(selected) > 0 {
			a.Nearest = selected[:min(nearestQuotes, len(selected))]
		}
		a.Notes = append(a.Notes, reasonNote(w.Reason, r.Question, a.Nearest))
	}
	return nil
}

// reasonNote words the reason that a model gives. It takes no word of the
// model: the only name in it is one of the question that no quote holds.
func reasonNote(reason draft.Reason, question string, nearest []Quote) string {
	about := ""
	switch reason {
	case draft.ReasonNoTopic:
		return "The language model found no article on this subject."
	case draft.ReasonNoDetail:
		return "The language model found passages on this subject, but none that gives what is asked for."
	case draft.ReasonPerson:
		about = "somebody else"
	case draft.ReasonPlace:
		about = "another place"
	case draft.ReasonTime:
		about = "another time"
	default:
		return "The language model found no answer in the passages that came nearest."
	}
	note := "The language model found only passages about " + about + "."
	for _, r := range guard.Names(question) {
		name := question[r.Start:r.End]
		if !slices.ContainsFunc(nearest, func(q Quote) bool { return strings.Contains(strings.ToLower(q.Text()), strings.ToLower(name)) }) {
			return note + " The nearest ones do not name " + name + "."
		}
	}
	return note
}

// withdrawn tells of points that may have been seen and are not in the answer.
func withdrawn(n int) string {
	what := "One statement that it had already made is"
	if n > 1 {
		what = fmt.Sprintf("%d statements that it had already made are", n)
	}
	return what + " withdrawn: half an answer can mislead."
}

// Worded reports whether a point of a has other words than its quotes: if not,
// the points say the quotes again.
func (a *Answer) Worded() bool {
	return slices.ContainsFunc(a.Points, func(p Point) bool {
		rest := p.Text
		for _, n := range p.Quotes {
			rest = strings.Replace(rest, a.Quotes[n-1].Text(), "", 1)
		}
		return strings.TrimSpace(rest) != ""
	})
}

// Prose joins points, each with the marks of its quotes, as Answer.Text does.
func Prose(points []Point) string {
	var text strings.Builder
	for i, p := range points {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(p.Text)
		for _, n := range p.Quotes {
			fmt.Fprintf(&text, " [%d]", n)
		}
	}
	return text.String()
}

// numbered returns the quotes of sentences, checked and numbered from 1.
func (an *Answerer) numbered(f *rank.Selection, sentences []*rank.Sentence, r Request) ([]Quote, error) {
	quotes, err := an.quotesFor(f, sentences, r)
	for i := range quotes {
		quotes[i].N = i + 1
	}
	return quotes, err
}

// quotesFor returns the quotes of sentences, checked, without numbers.
func (an *Answerer) quotesFor(f *rank.Selection, sentences []*rank.Sentence, r Request) ([]Quote, error) {
	quotes := make([]Quote, len(sentences))
	for i, s := range sentences {
		quotes[i] = an.quote(f, s, 0, r)
		if err := verbatim(quotes[i]); err != nil {
			return nil, err
		}
	}
	return quotes, nil
}

// reportFound passes on what the answer would be without a model, if that is
// not a refusal.
func (an *Answerer) reportFound(r Request, f *rank.Selection) error {
	if r.Progress == nil || f.Confidence < an.threshold {
		return nil
	}
	found, err := an.quotesFor(f, f.Chosen, r)
	if err != nil {
		return err
	}
	r.Progress(Progress{Found: found})
	return nil
}
