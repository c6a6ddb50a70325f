package answer

import (
	"math"
	"slices"
	"strings"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	"verbatim/retrieval/rank"
)

// readPassages is how many of the best passages are read for sentences.
const readPassages = 20

// sentenceFeatureNames are the features of a sentence, in the order of their
// values.
var sentenceFeatureNames = [...]string{
	"passage", "passage_first", "passage_rank", "coverage", "context", "rare", "bigrams", "phrases", "names", "figures", "similarity",
	"new_name_who", "new_name_where", "new_name_which", "new_name_what", "new_figure", "no_figure", "new_date", "no_date", "type", "type_word", "reason",
	"saying", "cited", "lead", "position", "short", "long", "question", "leans", "vote", "near3", "near10", "best_context", "quoted",
	"candidate", "title_new", "central", "near_candidate", "density", "counted", "not_counted", "beside_who",
	"negated", "word_best", "word_near", "word_sum", "word_score", "word_density",
}

// wordless is how many of the features of a sentence do without candidates
// for words of the answer. The first look is by them alone.
const wordless = len(sentenceFeatureNames) - 5

// sentence is a quotable sentence on its way into an answer.
type sentence struct {
	article *corpus.Article
	span    corpus.Span // as it is quoted
	own     corpus.Span // the sentence itself
	match   query.Match
	toks    []query.Token
	text    string
	hit     int // rank of its passage, from 0

	// speaks is how much of the asked-for speaker's name stands in a quote with
	// a verb of speech, from 0 to 1; counts is 1 where what is to be counted
	// stands in it or beside it.
	speaks, counts float64
	around         float64 // share of the question's terms in it and its neighbours

	score    float64
	features rank.Features
	facts    []string     // new figures, dates and names of the kind asked for
	holds    []*candidate // words in it that may be the answer
}

// reading is one article as its sentences are read.
type reading struct {
	article *corpus.Article
	spans   []corpus.Span
	title   query.Match
	topic   map[*query.Word]bool // words of the title that the question does not hold
	often   map[*query.Word]int  // of the candidate sentences' words
}

// read collects the sentences of the best passages.
func (d *Desk) read(res *retrieval.Result) *reader {
	asker := query.NewMatcher(res.Question, res.Terms, d.engine.Stemmer(), d.engine.Lexicon())
	r := &reader{desk: d, res: res, asker: asker, articles: make(map[string]*reading), question: d.mean(asker.View(res.Question.Text))}
	seen := make(map[corpus.Ref]bool)
	for rank, h := range res.Hits {
		art := r.read(h.Article)
		for i, s := range art.spans {
			ref := corpus.Ref{Article: h.Article.ID, Span: s}
			if !h.Ref.Contains(s) || seen[ref] {
				continue
			}
			seen[ref] = true
			r.add(art, i, rank)
		}
	}
	r.describe()
	return r
}

// compare orders sentences by score, then the newer article, then ID.
func compare(a, b *sentence) int {
	switch {
	case a.score != b.score:
		if a.score > b.score {
			return -1
		}
		return 1
	case a.article.Published != b.article.Published:
		return strings.Compare(string(b.article.Published), string(a.article.Published))
	case a.article.ID != b.article.ID:
		return strings.Compare(a.article.ID, b.article.ID)
	}
	return a.span.Start - b.span.Start
}

// reader collects sentences and what is the same for all of them.
type reader struct {
	desk     *Desk
	res      *retrieval.Result
	asker    *query.Matcher
	articles map[string]*reading
	order    []string // of articles, so that sums are the same in every run
	question []float64
	all      []*sentence
	around   []query.Match // of each sentence with its neighbours
	similar  []float64
	index    []int
	values   [][]float64 // of the features that need no candidates, by sentence
	occur    [][]occurrence
}

func (r *reader) read(a *corpus.Article) *reading {
	art, ok := r.articles[a.ID]
	if !ok {
		art = &reading{article: a, spans: retrieval.Sentences(a)}
		art.title = r.asker.Match(a.Title, r.asker.View(a.Title))
		art.topic, art.often = make(map[*query.Word]bool), make(map[*query.Word]int)
		for _, t := range r.asker.View(a.Title) {
			if fresh(t) {
				art.topic[t.Word] = true
			}
		}
		r.articles[a.ID] = art
		r.order = append(r.order, a.ID)
	}
	return art
}

// echo is what share of the question's rarity makes a question of an article
// the same one: a quiz page asks it, and does not answer it there.
const echo = .7

func (r *reader) add(art *reading, i, rank int) {
	a := art.article
	span, ok := stand(a, art.spans, i, func(text string) float64 {
		return r.asker.Match(text, r.asker.View(text)).Coverage
	})
	if !ok {
		return
	}
	s := &sentence{article: a, span: span, own: art.spans[i], hit: rank, text: a.Body[span.Start:span.End]}
	s.toks = r.asker.View(s.text)
	s.match = r.asker.Match(s.text, s.toks)
	if strings.HasSuffix(s.text, "?") && s.match.Coverage >= echo {
		return
	}
	s.facts = facts(r.res.Question, s)
	for _, t := range s.toks {
		if fresh(t) {
			art.often[t.Word]++
		}
	}
	r.all = append(r.all, s)
	from, to := span.Start, span.End
	if i > 0 && adjoin(a.Body, art.spans[i-1], art.spans[i]) {
		from = min(from, art.spans[i-1].Start)
	}
	if i+1 < len(art.spans) && adjoin(a.Body, art.spans[i], art.spans[i+1]) {
		to = max(to, art.spans[i+1].End)
	}
	text := a.Body[from:to]
	r.around = append(r.around, r.asker.Match(text, r.asker.View(text)))
	s.around = r.around[len(r.around)-1].Terms
	if q := r.res.Question; q.Kind == query.KindSaid && s.match.Sayings+flagged(s.toks) > 0 {
		s.speaks = r.asker.Holds(s.match, q.Speaker)
	} else if q.Counted != "" {
		s.counts = r.asker.Holds(r.around[len(r.around)-1], []string{q.Counted})
	}
	r.similar = append(r.similar, cosine(r.question, r.desk.mean(s.toks)))
	r.index = append(r.index, i)
}

// describe fills what of the sentences does not depend on weights.
func (r *reader) describe() {
	votes := r.votes()
	for i, s := range r.all {
		r.values = append(r.values, r.features(i, s, votes))
		r.occur = append(r.occur, r.occurrences(s))
	}
}

// firstLook returns what each sentence scores without candidates.
func (r *reader) firstLook(weights map[string]float64) []float64 {
	out := make([]float64, len(r.all))
	for i, v := range r.values {
		out[i] = rank.Features{Names: sentenceFeatureNames[:wordless], Values: v}.Score(weights)
	}
	return out
}

// rank returns the sentences as w scores them, best first, and the words that
// may be the answer, likeliest first. It leaves r as it is, so that it may be
// called from several goroutines.
func (r *reader) rank(w *rank.Weights) ([]*sentence, []*candidate) {
	candidates := r.candidates(r.firstLook(w.FirstLook))
	weigh(candidates, w.Word)
	byWord := make(map[*query.Word]*candidate, len(candidates))
	for _, c := range candidates {
		byWord[c.word] = c
	}
	out := make([]*sentence, len(r.all))
	for i, s := range r.all {
		again := *s
		values, holds := holding(r.occur[i], byWord)
		again.holds = holds
		again.features = rank.Features{Names: sentenceFeatureNames[:], Values: slices.Concat(r.values[i], values[:])}
		again.score = again.features.Score(w.Sentence) + s.bonus()
		out[i] = &again
	}
	slices.SortStableFunc(out, compare)
	return out, candidates
}

// saidBonus is what it is worth that a sentence gives the words of the one
// who is asked for. The questions that weights are fitted on hardly ask so.
const saidBonus = 3

func (s *sentence) bonus() float64 { return saidBonus * flag(s.speaks >= speakerShare) }

// speakerShare is how much of a speaker's name must be found.
const speakerShare = .5

// features returns the values of the first wordless features of sentence i.
func (r *reader) features(i int, s *sentence, votes *votes) []float64 {
	q, m := r.res.Question, s.match
	title := r.articles[s.article.ID].title
	who, where, which := q.Kind == query.KindWho, q.Kind == query.KindWhere, q.Kind == query.KindWhich
	count, when := q.Kind == query.KindHowMany, q.Kind == query.KindWhen
	names := math.Log1p(float64(m.NewNames))
	date := rank.NearnessOf(s.article.Published, q.AsOf)
	n := float64(len(strings.Fields(s.text)))
	vote := 0.0
	for _, f := range s.facts {
		vote = max(vote, votes.facts[f])
	}
	candidate, near := votes.candidate(r.asker, q, s)
	titleNew, central := votes.central(r.articles[s.article.ID], s)
	top := r.res.Hits[0].Score
	return []float64{
		r.res.Hits[s.hit].Score - top, flag(s.hit == 0), 1 / float64(s.hit+1), m.Coverage, r.asker.Union(r.around[i], title),
		m.Rare, m.Bigrams, r.asker.Phrases(s.toks), m.Names, m.Figures, r.similar[i],
		names * flag(who), names * flag(where), names * flag(which), names * flag(!who && !where && !which),
		math.Log1p(float64(m.NewFigs)) * flag(count), flag(count && m.NewFigs == 0),
		math.Log1p(float64(m.Dates)) * flag(when), flag(when && m.Dates == 0 && m.NewFigs == 0), m.Type, flag(m.TypeWord),
		math.Log1p(float64(m.Reasons)) * flag(q.Kind == query.KindWhy), flag(q.Kind == query.KindSaid && m.Sayings > 0),
		r.asker.CitedBy(&s.article.Info, s.text), flag(r.index[i] < 3), math.Log1p(float64(r.index[i])), flag(n < 8), flag(n > 40),
		flag(strings.HasSuffix(s.text, "?")), flag(s.span != s.own), vote, date.Days3, date.Days10, r.around[i].Coverage,
		flag(strings.ContainsAny(s.text, "“\"")), candidate, titleNew, central, near, m.Coverage / math.Log1p(n),
		m.Counted, flag(count && m.Counted < .6), flag(who && m.Beside),
		flag(q.Negated && negates(s.toks)),
	}
}

// flagged counts the verbs of speech of the question itself among toks.
func flagged(toks []query.Token) int {
	n := 0
	for _, t := range toks {
		if t.Saying && t.Known() {
			n++
		}
	}
	return n
}

// negates reports whether toks say that something is not so.
func negates(toks []query.Token) bool {
	return slices.ContainsFunc(toks, func(t query.Token) bool {
		switch t.Text {
		case "not", "no", "never", "without", "cannot", "except":
			return true
		}
		return strings.HasSuffix(t.Text, "n't")
	})
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// mean returns the weighted mean of the word vectors of toks, or nil.
func (d *Desk) mean(toks []query.Token) []float64 {
	lexicon := d.engine.Lexicon()
	if lexicon == nil {
		return nil
	}
	var sum []float64
	var buf []float32
	for _, t := range toks {
		v, ok := lexicon.AppendVector(buf[:0], t.Text)
		if !ok {
			continue
		}
		buf = v
		w, _ := lexicon.Weight(t.Text)
		if sum == nil {
			sum = make([]float64, len(v))
		}
		for i, x := range v {
			sum[i] += w * float64(x)
		}
	}
	return sum
}

func cosine(a, b []float64) float64 {
	if len(a) == 0 || len(a) != len(b) {
		return 0
	}
	var dot, aa, bb float64
	for i := range a {
		dot, aa, bb = dot+a[i]*b[i], aa+a[i]*a[i], bb+b[i]*b[i]
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return dot / math.Sqrt(aa*bb)
}
