package eval

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"verbatim/answer"
	"verbatim/answer/draft"
	answerrank "verbatim/answer/rank"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// The figures of a report, as the contract defines them.
const (
	PassageHit1  = "passage_hit@1"
	PassageHit4  = "passage_hit@4"
	PassageHit10 = "passage_hit@10"
	PassageMRR   = "passage_mrr@10"
	ArticleHit1  = "article_hit@1"
	ArticleHit4  = "article_hit@4"
	ArticleHit10 = "article_hit@10"
	QuoteHit     = "quote_hit"
	FirstQuote   = "first_quote_hit"
	Coverage     = "evidence_coverage"
	Answered     = "answered"
	Refused      = "refused"
	Verbatim     = "verbatim"
)

// names are the figures in the order in which they are shown.
var names = []string{PassageHit1, PassageHit4, PassageHit10, PassageMRR, ArticleHit1, ArticleHit4, ArticleHit10,
	Hit1, Hit3, Hit5, QuoteHit, FirstQuote, AllValues, OnPoint, WordsF1, Quotes, MarkRight, Coverage,
	Answered, Unsure, Denied, NearestHit, Refused, Claimed, True, AUC, AUCWithin, AUCRight, Verbatim}

// Names returns the names of the figures in the order in which they are shown.
func Names() []string { return slices.Clone(names) }

// Desk is what is measured.
type Desk interface {
	Ask(ctx context.Context, r answer.Request) (*answer.Answer, error)
	Search(ctx context.Context, r answer.SearchRequest) (*answer.SearchResult, error)
}

// Options say how questions are asked.
type Options struct {
	Mode   answer.Mode
	Filter retrieval.Filter
	// Plain ranks passages by plain BM25, the figure to compare with.
	Plain bool
	// SearchOnly and AskOnly leave out the other half.
	SearchOnly, AskOnly bool
	// Today is the day of a question that says none.
	Today    corpus.Date
	Progress func(done, all int)
}

// Outcome is what became of one question.
type Outcome struct {
	Question Question
	Values   map[string]float64 // of the figures that are defined for it
	Answer   *answer.Answer     // nil where only searched
	Words    []int              // of each printed quote, runs of non-space
	Took     time.Duration

	// both counts the words that the printed quotes and the evidence share, words
	// those of each of them. right is true if a printed or nearest quote holds an
	// answer.
	both, words int
	right       bool
}

// Report is what a run measured.
type Report struct {
	Questions int
	Figures   map[string]Figure
	ByType    map[string]map[string]Figure
	ByFile    map[string]map[string]Figure // of a folder, by pair
	// QuoteWords is the median number of words of a printed quote.
	QuoteWords int
	P50, P95   time.Duration // of a question, asked
	Outcomes   []Outcome
	Notes      []string
}

// Run puts questions to desk, one after the other.
func Run(ctx context.Context, desk Desk, questions []Question, o Options) (*Report, error) {
	var outcomes []Outcome
	for i, q := range questions {
		out, err := one(ctx, desk, q, o)
		if err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		outcomes = append(outcomes, out)
		if o.Progress != nil {
			o.Progress(i+1, len(questions))
		}
	}
	return summarize(outcomes), nil
}

func one(ctx context.Context, desk Desk, q Question, o Options) (Outcome, error) {
	out := Outcome{Question: q, Values: make(map[string]float64)}
	if !o.AskOnly && q.Answerable() {
		found, err := desk.Search(ctx, answer.SearchRequest{Query: q.Question, AsOf: q.Asked, Today: q.Today, Filter: o.Filter, N: 10, Plain: o.Plain})
		if err != nil {
			return out, err
		}
		out.searched(found.Hits)
	}
	if o.SearchOnly {
		return out, nil
	}
	begin := time.Now()
	a, err := desk.Ask(ctx, answer.Request{Question: q.Question, AsOf: q.Asked, Today: q.Today, Filter: o.Filter, Mode: o.Mode})
	if err != nil {
		return out, err
	}
	out.Took, out.Answer = time.Since(begin), a
	out.asked(a)
	return out, nil
}

// Prober is a Desk that shows what it would choose from.
type Prober interface {
	TrainingView(ctx context.Context, r answer.Request) (*answerrank.TrainingView, error)
}

// rankedHits fills the figures of the ranked sentences before any is left out.
func (out *Outcome) rankedHits(sentences []answerrank.TrainingSentence) {
	answers := foldAll(out.Question.Answers)
	if len(answers) == 0 {
		return
	}
	rank := slices.IndexFunc(sentences, func(s answerrank.TrainingSentence) bool { return contains(s.Quote.Text(), answers) })
	for name, k := range map[string]int{Hit1: 1, Hit3: 3, Hit5: 5} {
		out.Values[name] = truth(rank >= 0 && rank < k)
	}
}

func (out *Outcome) searched(hits []answer.Hit) {
	q := out.Question
	if len(q.Answers) > 0 {
		answers := foldAll(q.Answers)
		rank := slices.IndexFunc(hits, func(h answer.Hit) bool {
			return contains(h.Quote.Article().Title+" . "+h.Quote.Text(), answers)
		})
		out.hits(rank, PassageHit1, PassageHit4, PassageHit10)
		out.Values[PassageMRR] = 0
		if rank >= 0 {
			out.Values[PassageMRR] = 1 / float64(rank+1)
		}
	}
	if len(q.Evidence) > 0 {
		rank := slices.IndexFunc(hits, func(h answer.Hit) bool { return q.evidenced(h.Quote.Article()) })
		out.hits(rank, ArticleHit1, ArticleHit4, ArticleHit10)
	}
}

func (out *Outcome) hits(rank int, at1, at4, at10 string) {
	for name, k := range map[string]int{at1: 1, at4: 4, at10: 10} {
		out.Values[name] = truth(rank >= 0 && rank < k)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// evidenced reports whether a is an article of the question's evidence.
func (q *Question) evidenced(a *corpus.Article) bool {
	return slices.ContainsFunc(q.Evidence, func(e Evidence) bool { return e.names(a) })
}

func (e Evidence) names(a *corpus.Article) bool {
	bare, _ := corpus.SplitID(a.ID)
	return e.Article != "" && (e.Article == bare || e.Article == a.Source || e.Article == a.URL || e.Article == path.Base(a.Source))
}

func (out *Outcome) asked(a *answer.Answer) {
	q := out.Question
	var printed []answer.Quote
	if a.Status != answer.StatusNoEvidence {
		printed = a.Quotes
	}
	for _, quote := range printed {
		out.Words = append(out.Words, len(strings.Fields(quote.Text())))
	}
	out.verbatim(slices.Concat(printed, a.Nearest))
	out.natural(a, printed)
	if !q.Answerable() {
		out.Values[Refused] = truth(a.Status == answer.StatusNoEvidence)
		return
	}
	out.Values[Answered] = truth(a.Status == answer.StatusAnswered)
	answers := foldAll(q.Answers)
	at := slices.IndexFunc(printed, func(x answer.Quote) bool { return contains(x.Text(), answers) })
	out.Values[QuoteHit], out.Values[FirstQuote] = truth(at >= 0), truth(at == 0)
	out.covered(printed)
}

// verbatim holds every quote against the body of its article.
func (out *Outcome) verbatim(quotes []answer.Quote) {
	if len(quotes) == 0 {
		return
	}
	same := 0
	for _, x := range quotes {
		s := x.Span()
		same += int(truth(x.Article().Body[s.Start:s.End] == x.Text()))
	}
	out.Values[Verbatim] = float64(same) / float64(len(quotes))
}

func (out *Outcome) covered(printed []answer.Quote) {
	n, covered := 0, 0
	for _, e := range out.Question.Evidence {
		if e.Quote == "" {
			continue
		}
		n++
		if slices.ContainsFunc(printed, func(x answer.Quote) bool { return e.coveredBy(x.Quote) }) {
			covered++
		}
	}
	if n > 0 {
		out.Values[Coverage] = float64(covered) / float64(n)
	}
}

// coveredShare is the share of the bytes of evidence that a quote must hold.
const coveredShare = .6

func (e Evidence) coveredBy(q corpus.Quote) bool {
	if !e.names(q.Article()) {
		return false
	}
	s := q.Span()
	return slices.ContainsFunc(occurrences(q.Article().Body, e.Quote), func(o corpus.Span) bool {
		return float64(min(s.End, o.End)-max(s.Start, o.Start)) >= coveredShare*float64(o.Len())
	})
}

// notePrompt notes the prompt if a model has answered.
func (r *Report) notePrompt() {
	byModel := slices.ContainsFunc(r.Outcomes, func(o Outcome) bool { return o.Answer != nil && o.Answer.Mode == answer.ModeModel })
	if version, err := draft.Version(); byModel && err == nil {
		r.Notes = append(r.Notes, "The model was asked with the prompt "+version+".")
	}
}

func summarize(outcomes []Outcome) *Report {
	r := &Report{Questions: len(outcomes), Outcomes: outcomes, ByType: make(map[string]map[string]Figure)}
	r.notePrompt()
	r.Figures = figures(outcomes)
	types := make(map[string][]Outcome)
	for _, o := range outcomes {
		types[o.Question.Type] = append(types[o.Question.Type], o)
	}
	if len(types) > 1 {
		for _, t := range slices.Sorted(maps.Keys(types)) {
			r.ByType[t] = figures(types[t])
		}
	}
	var lengths []int
	var took []float64
	for _, o := range outcomes {
		lengths = append(lengths, o.Words...)
		if o.Answer != nil {
			took = append(took, float64(o.Took))
		}
	}
	slices.Sort(lengths)
	slices.Sort(took)
	if len(lengths) > 0 {
		r.QuoteWords = lengths[len(lengths)/2]
	}
	r.P50, r.P95 = time.Duration(quantile(took, .5)), time.Duration(quantile(took, .95))
	return r
}

// figures returns the figures of outcomes, without those that are defined for
// none of them.
func figures(outcomes []Outcome) map[string]Figure {
	out := make(map[string]Figure)
	for _, name := range names {
		if l := shares(outcomes, name); len(l) > 0 {
			out[name] = ratio(l)
		}
	}
	answerable := func(o Outcome) bool { return o.Question.Answerable() }
	for name, f := range map[string]func([]Outcome) (float64, int){
		AUC: func(l []Outcome) (float64, int) { return area(l, func(Outcome) string { return "" }, answerable) },
		AUCWithin: func(l []Outcome) (float64, int) {
			return area(l, func(o Outcome) string { return o.Question.kind() }, answerable)
		},
		AUCRight: func(l []Outcome) (float64, int) {
			return area(l, func(o Outcome) string { return o.Question.kind() }, func(o Outcome) bool { return o.right })
		},
	} {
		if _, n := f(outcomes); n > 0 {
			out[name] = bootstrap(outcomes, f)
		}
	}
	return out
}

// shares returns what each outcome adds to a figure.
func shares(outcomes []Outcome, name string) []share {
	var out []share
	for _, o := range outcomes {
		if name == WordsF1 {
			if o.words > 0 {
				out = append(out, share{o.Question.story(), 2 * float64(o.both), float64(o.words)})
			}
		} else if v, ok := o.Values[name]; ok {
			out = append(out, share{o.Question.story(), v, 1})
		}
	}
	return out
}

// Compare returns the difference of each figure between two runs over the
// same questions, in the order of Names.
func Compare(before, after *Report) []Difference {
	var out []Difference
	for _, name := range names {
		var x, y []float64
		var stories []string
		for i := range before.Outcomes {
			a, ok1 := before.Outcomes[i].Values[name]
			b, ok2 := after.Outcomes[i].Values[name]
			if ok1 && ok2 {
				x, y, stories = append(x, a), append(y, b), append(stories, after.Outcomes[i].Question.story())
			}
		}
		if len(x) > 0 {
			out = append(out, paired(name, x, y, stories))
		}
	}
	return out
}
