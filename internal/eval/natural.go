package eval

import (
	"cmp"
	"slices"
	"strings"

	"verbatim/answer"
)

// Figures of questions whose evidence is complete: every sentence of the
// corpus that states the answer is named, so a quote beside the point counts.
const (
	OnPoint    = "on_point"
	Quotes     = "quotes"
	WordsF1    = "words_f1"
	Denied     = "denied"
	NearestHit = "nearest_hit"
	Claimed    = "claimed"
	Unsure     = "unsure"
	True       = "true_statements"
	AllValues  = "all_values"
	Hit1       = "sentence_hit@1"
	Hit3       = "sentence_hit@3"
	Hit5       = "sentence_hit@5"
	MarkRight  = "mark_right"
	AUC        = "auc"
	AUCWithin  = "auc_within_kind"
	AUCRight   = "auc_right"
)

// natural fills the figures of one answer that need complete evidence.
func (out *Outcome) natural(a *answer.Answer, printed []answer.Quote) {
	q := out.Question
	out.Values[Unsure] = truth(a.Status == answer.StatusUnsure)
	answers := foldAll(q.Answers)
	hits := make([]bool, len(printed))
	for i, x := range printed {
		hits[i] = contains(x.Text(), answers)
	}
	right := slices.Contains(hits, true)
	out.right = right || slices.ContainsFunc(a.Nearest, func(x answer.Quote) bool { return contains(x.Text(), answers) })
	switch a.Status {
	case answer.StatusAnswered:
		out.Values[True] = truth(right)
	case answer.StatusNoEvidence:
		out.Values[True] = truth(!q.Answerable())
	}
	if !q.Answerable() {
		out.Values[Claimed] = truth(a.Status == answer.StatusAnswered)
		return
	}
	out.Values[Denied] = truth(a.Status == answer.StatusNoEvidence)
	out.Values[NearestHit] = truth(a.Status == answer.StatusNoEvidence && out.right)
	if len(printed) > 0 {
		out.Values[Quotes] = float64(len(printed))
		n := 0.0
		for i, x := range printed {
			n += truth(hits[i] || q.onPoint(x.Text()))
		}
		out.Values[OnPoint] = n / float64(len(printed))
	}
	if q.Type == "compare" {
		out.Values[AllValues] = truth(!slices.ContainsFunc(answers, func(v string) bool {
			return !slices.ContainsFunc(printed, func(x answer.Quote) bool { return contains(x.Text(), []string{v}) })
		}))
	}
	out.shareWords(printed)
	if len(printed) > 0 && hits[0] {
		out.Values[MarkRight] = truth(markRight(printed[0], answers))
	}
}

// markRight reports whether a mark of x overlaps one of the folded answers and
// holds at most 12 words or half of the quote.
func markRight(x answer.Quote, answers []string) bool {
	const most = 12
	text, start := x.Text(), x.Span().Start
	for _, m := range x.Marks {
		n := len(strings.Fields(text[m.Start-start : m.End-start]))
		if n > most && 2*n > len(strings.Fields(text)) {
			continue
		}
		// An answer that the mark does not touch stays if the mark's words are
		// replaced by others.
		without := text[:m.Start-start] + strings.Repeat(" xx ", n) + text[m.End-start:]
		for _, a := range answers {
			if strings.Count(fold(text), a) > strings.Count(fold(without), a) || contains(text[m.Start-start:m.End-start], []string{a}) {
				return true
			}
		}
	}
	return false
}

// shareWords counts the words of the printed quotes, those of the evidence and
// those that both hold, as multisets.
func (out *Outcome) shareWords(printed []answer.Quote) {
	gold, got := make(map[string]int), make(map[string]int)
	for _, e := range out.Question.Evidence {
		for w, n := range counts(e.Quote) {
			gold[w] = max(gold[w], n)
		}
	}
	for _, x := range printed {
		for w, n := range counts(x.Text()) {
			got[w] = max(got[w], n)
		}
	}
	for w, n := range gold {
		out.both += min(n, got[w])
		out.words += n
	}
	for _, n := range got {
		out.words += n
	}
}

func counts(text string) map[string]int {
	out := make(map[string]int)
	for w := range strings.FieldsSeq(fold(text)) {
		out[w]++
	}
	return out
}

// onPoint reports whether text overlaps an evidence quote.
func (q *Question) onPoint(text string) bool {
	return slices.ContainsFunc(q.Evidence, func(e Evidence) bool { return e.Quote != "" && overlaps(text, e.Quote) })
}

// overlaps reports whether one text stands in the other after folding white
// space, or the first or the last six words of evidence stand in quote.
func overlaps(quote, evidence string) bool {
	q, e := space(quote), space(evidence)
	if strings.Contains(q, e) || strings.Contains(e, q) {
		return true
	}
	const ends = 6
	w := strings.Fields(fold(evidence))
	if len(w) < ends {
		return false
	}
	folded := fold(quote)
	return strings.Contains(folded, strings.Join(w[:ends], " ")) || strings.Contains(folded, strings.Join(w[len(w)-ends:], " "))
}

func space(s string) string { return strings.Join(strings.Fields(s), " ") }

// Right reports whether text answers q: it holds an answer as whole words or
// overlaps an evidence quote.
func (q *Question) Right(text string) bool {
	return contains(text, foldAll(q.Answers)) || q.onPoint(text)
}

// kind returns the kind that pairs of questions are compared within.
func (q *Question) kind() string { return cmp.Or(q.Kind, q.Type) }

// story returns what a question shares sentences with others of: the part
// before the dash of the article that its evidence names, else its own ID.
func (q *Question) story() string {
	for _, e := range slices.Concat(q.Evidence, q.Near) {
		if s, _, _ := strings.Cut(e.Article, "-"); s != "" {
			return s
		}
	}
	return q.ID
}

// area returns the share of pairs of one outcome for which yes is true and
// one for which it is false, both of the same group, in which the first is
// surer; ties count half. n is the number of pairs.
func area(outcomes []Outcome, group func(Outcome) string, yes func(Outcome) bool) (value float64, n int) {
	type sures struct{ yes, no []float64 }
	groups := make(map[string]*sures)
	for _, o := range outcomes {
		if o.Answer == nil {
			continue
		}
		g := groups[group(o)]
		if g == nil {
			g = new(sures)
			groups[group(o)] = g
		}
		if yes(o) {
			g.yes = append(g.yes, o.Answer.Sure)
		} else {
			g.no = append(g.no, o.Answer.Sure)
		}
	}
	won := 0 // twice the pairs won
	for _, g := range groups {
		slices.Sort(g.no)
		for _, y := range g.yes {
			below, _ := slices.BinarySearch(g.no, y)
			for below < len(g.no) && g.no[below] == y {
				won++
				below++
			}
			first, _ := slices.BinarySearch(g.no, y)
			won += 2 * first
		}
		n += len(g.yes) * len(g.no)
	}
	return float64(won) / 2 / float64(max(1, n)), n
}
