package rank

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"verbatim/answer/rank/align"
	"verbatim/answer/rank/reader"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	passagerank "verbatim/retrieval/rank"
	"verbatim/retrieval/words"
)

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

// Sentence is a quotable sentence on its way into an answer.
type Sentence struct {
	article *corpus.Article
	span    corpus.Span // as it is quoted
	own     corpus.Span // the sentence itself
	needs   *retrieval.Sentence
	match   query.Match
	view    words.View // of the quote
	hit     int        // rank of its passage, from 0
	index   int        // of own among the sentences of the article
	joined  bool       // with a neighbour that it could stand without

	// speaks is how much of the asked-for speaker's name stands in a quote with
	// a verb of speech, from 0 to 1; counts is 1 where what is to be counted
	// stands in it or beside it.
	speaks, counts float64
	around         float64 // share of the question's terms in it and its neighbours

	score    float64
	features passagerank.Features
	weights  map[string]float64 // that made the score
	facts    []string           // new figures, dates and names of the kind asked for
	words    []*candidate       // in it that may be the answer
}

// articleView is one article as its sentences are read.
type articleView struct {
	article *corpus.Article
	spans   []corpus.Span
	needs   []retrieval.Sentence // the same sentences, with what they need
	title   query.Match
	topic   map[*words.Word]bool // words of the title that the question does not hold
	often   map[*words.Word]int  // of the candidate sentences' words
}

// newSentenceSet collects the sentences of the best passages.
func newSentenceSet(e *retrieval.Engine, res *retrieval.Result, m models) *sentenceSet {
	asker := query.NewMatcher(res.Question, res.Terms, e.Stemmer(), e.Lexicon())
	r := &sentenceSet{lexicon: e.Lexicon(), res: res, asker: asker, articles: make(map[string]*articleView)}
	r.question = r.mean(asker.View(res.Question.Text).Tokens)
	seen := make(map[corpus.Ref]bool)
	for rank, h := range res.Hits {
		art := r.view(h.Article)
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
	r.align(m.aligner)
	r.read(m.reader, e.Weights())
	return r
}

// align matches the words of the question to those of the sentences.
func (r *sentenceSet) align(aligner *align.Aligner) {
	list := make([]align.Candidate, len(r.all))
	for i, s := range r.all {
		a, spans := s.article, r.articles[s.article.ID].spans
		list[i] = align.Candidate{Sentence: s.view.Text, Title: a.Title}
		if k := s.index; k > 0 {
			list[i].Previous = a.Body[spans[k-1].Start:spans[k-1].End]
		}
		if k := s.index; k+1 < len(spans) {
			list[i].Next = a.Body[spans[k+1].Start:spans[k+1].End]
		}
	}
	r.group = aligner.Group(r.res.Question.Text, list)
	m := newMeaning(r.res.Question, r.group)
	for i, s := range r.all {
		f := m.features(r.group.Candidates[i], s.view)
		f.Add("speaks", s.speaks)
		f.Add("counts", s.counts)
		r.meaning = append(r.meaning, f)
	}
	addRelative(r.meaning)
}

// readClosely is how many sentences, the best at a first look, the neural
// reader scores.
const readClosely = 40

// read adds what the neural reader scores the best sentences at a first look;
// each other one has the least of their scores.
func (r *sentenceSet) read(reader *reader.Reader, w *passagerank.Weights) {
	first := r.firstLook(w.FirstLook)
	best := make([]int, len(first))
	for i := range best {
		best[i] = i
	}
	slices.SortStableFunc(best, func(a, b int) int { return cmp.Compare(first[b], first[a]) })
	best = best[:min(readClosely, len(best))]
	if len(best) == 0 {
		return
	}
	scores := reader.Scores(r.group, best)
	list, most := make([]float64, len(r.all)), float64(slices.Max(scores))
	for i := range list {
		list[i] = float64(slices.Min(scores))
	}
	for k, i := range best {
		list[i] = float64(scores[k])
	}
	for i := range r.meaning {
		r.meaning[i].Add("reader", list[i])
		r.meaning[i].Add("reader_behind", list[i]-most)
	}
}

// compare orders sentences by score, then the newer article, then ID.
func compare(a, b *Sentence) int {
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

// sentenceSet collects sentences and what is the same for all of them.
type sentenceSet struct {
	lexicon  query.Lexicon // nil: none
	res      *retrieval.Result
	asker    *query.Matcher
	articles map[string]*articleView
	order    []string // of articles, so that sums are the same in every run
	question []float64
	all      []*Sentence
	around   []query.Match // of each sentence with its neighbours
	similar  []float64
	values   [][]float64 // of the features that need no candidates, by sentence
	occur    [][]occurrence
	meaning  []passagerank.Features // of each sentence
	group    *align.Group
}

func (r *sentenceSet) view(a *corpus.Article) *articleView {
	art, ok := r.articles[a.ID]
	if !ok {
		art = &articleView{article: a, needs: retrieval.Quotable(a)}
		for _, s := range art.needs {
			art.spans = append(art.spans, s.Span)
		}
		art.title = r.asker.Match(r.asker.View(a.Title))
		art.topic, art.often = make(map[*words.Word]bool), make(map[*words.Word]int)
		for _, t := range r.asker.View(a.Title).Tokens {
			if r.asker.Fresh(t.Word) {
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

func (r *sentenceSet) add(art *articleView, i, rank int) {
	a := art.article
	span, ok := art.quoted(i, func(text string) float64 {
		return r.asker.Match(r.asker.View(text)).Coverage
	})
	if !ok {
		return
	}
	s := &Sentence{article: a, span: span, own: art.spans[i], index: i, needs: &art.needs[i], hit: rank, view: r.asker.View(a.Body[span.Start:span.End])}
	s.match = r.asker.Match(s.view)
	if strings.HasSuffix(s.view.Text, "?") && s.match.Coverage >= echo {
		return
	}
	s.facts = factsOf(r.asker, r.res.Question, s)
	for _, t := range s.view.Tokens {
		if r.asker.Fresh(t.Word) {
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
	r.around = append(r.around, r.asker.Match(r.asker.View(text)))
	s.around = r.around[len(r.around)-1].Terms
	if q := r.res.Question; q.Kind == query.KindSaid && s.match.Sayings+r.flagged(s.view.Tokens) > 0 {
		s.speaks = r.asker.Holds(s.match, q.Speaker)
	} else if q.Counted != "" {
		s.counts = r.asker.Holds(r.around[len(r.around)-1], []string{q.Counted})
	}
	r.similar = append(r.similar, cosine(r.question, r.mean(s.view.Tokens)))
}

// describe fills what of the sentences does not depend on weights.
func (r *sentenceSet) describe() {
	said := r.redundancy()
	for i, s := range r.all {
		r.values = append(r.values, r.features(i, s, said))
		r.occur = append(r.occur, r.occurrences(s))
	}
}

// firstLook returns what each sentence scores without candidates.
func (r *sentenceSet) firstLook(weights map[string]float64) []float64 {
	out := make([]float64, len(r.all))
	for i, v := range r.values {
		out[i] = passagerank.Features{Names: sentenceFeatureNames[:wordless], Values: v}.Score(weights)
	}
	return out
}

// rank returns the sentences as w scores them, best first, and the words that
// may be the answer, likeliest first. It leaves r as it is, so that it may be
// called from several goroutines.
func (r *sentenceSet) rank(w *passagerank.Weights) ([]*Sentence, []*candidate) {
	candidates := r.candidates(r.firstLook(w.FirstLook))
	weigh(candidates, w.Word)
	byWord := make(map[*words.Word]*candidate, len(candidates))
	for _, c := range candidates {
		byWord[c.word] = c
	}
	out := make([]*Sentence, len(r.all))
	weights := w.SentenceFor(r.res.Terms.Passages)
	var names []string
	if len(r.all) > 0 {
		names = slices.Concat(sentenceFeatureNames[:], r.meaning[0].Names)
	}
	for i, s := range r.all {
		again := *s
		list := newFeatureList(sentenceFeatureNames[:])
		list.next = copy(list.values, r.values[i])
		again.words = list.addCandidates(r.occur[i], byWord)
		again.features = passagerank.Features{Names: names, Values: append(list.values, r.meaning[i].Values...)}
		again.weights, again.score = weights, again.features.Score(weights)+s.bonus()
		out[i] = &again
	}
	slices.SortStableFunc(out, compare)
	return out, candidates
}

// saidBonus is what it is worth that a sentence gives the words of the one
// who is asked for. The questions that weights are fitted on hardly ask so.
const saidBonus = 3

func (s *Sentence) bonus() float64 { return saidBonus * indicator(s.speaks >= speakerShare) }

// speakerShare is how much of a speaker's name must be found.
const speakerShare = .5

// features returns the values of the first wordless features of sentence i.
func (r *sentenceSet) features(i int, s *Sentence, said *redundancy) []float64 {
	q, m := r.res.Question, s.match
	title := r.articles[s.article.ID].title
	who, where, which := q.Kind == query.KindWho, q.Kind == query.KindWhere, q.Kind == query.KindWhich
	count, when := q.Kind == query.KindHowMany, q.Kind == query.KindWhen
	names := math.Log1p(float64(m.NewNames))
	date := passagerank.NearnessOf(s.article.Published, q.Day())
	n := float64(len(strings.Fields(s.view.Text)))
	vote := 0.0
	for _, f := range s.facts {
		vote = max(vote, said.facts[f])
	}
	candidate, near := said.candidate(r.asker, q, s)
	titleNew, central := said.central(r.asker, r.articles[s.article.ID], s)
	top := r.res.Hits[0].Score
	list := newFeatureList(sentenceFeatureNames[:wordless])
	list.add("passage", r.res.Hits[s.hit].Score-top)
	list.add("passage_first", indicator(s.hit == 0))
	list.add("passage_rank", 1/float64(s.hit+1))
	list.add("coverage", m.Coverage)
	list.add("context", r.asker.Union(r.around[i], title))
	list.add("rare", m.Rare)
	list.add("bigrams", m.Bigrams)
	list.add("phrases", r.asker.Phrases(s.view.Tokens))
	list.add("names", m.Names)
	list.add("figures", m.Figures)
	list.add("similarity", r.similar[i])
	list.add("new_name_who", names*indicator(who))
	list.add("new_name_where", names*indicator(where))
	list.add("new_name_which", names*indicator(which))
	list.add("new_name_what", names*indicator(!who && !where && !which))
	list.add("new_figure", math.Log1p(float64(m.NewFigs))*indicator(count))
	list.add("no_figure", indicator(count && m.NewFigs == 0))
	list.add("new_date", math.Log1p(float64(m.Dates))*indicator(when))
	list.add("no_date", indicator(when && m.Dates == 0 && m.NewFigs == 0))
	list.add("type", m.Type)
	list.add("type_word", indicator(m.TypeWord))
	list.add("reason", math.Log1p(float64(m.Reasons))*indicator(q.Kind == query.KindWhy))
	list.add("saying", indicator(q.Kind == query.KindSaid && m.Sayings > 0))
	list.add("cited", r.asker.CitedBy(&s.article.Info, s.view.Text))
	r.addShape(list, i, s)
	list.add("vote", vote)
	list.add("near3", date.Days3)
	list.add("near10", date.Days10)
	list.add("best_context", r.around[i].Coverage)
	list.add("quoted", indicator(strings.ContainsAny(s.view.Text, "“\"")))
	list.add("candidate", candidate)
	list.add("title_new", titleNew)
	list.add("central", central)
	list.add("near_candidate", near)
	list.add("density", m.Coverage/math.Log1p(n))
	list.add("counted", m.Counted)
	list.add("not_counted", indicator(count && m.Counted < .6))
	list.add("beside_who", indicator(who && m.Beside))
	list.add("negated", indicator(q.Negated && negates(s.view.Tokens)))
	return list.values
}

// addShape adds where sentence i stands and what it looks like.
func (r *sentenceSet) addShape(list *featureList, i int, s *Sentence) {
	n := len(strings.Fields(s.view.Text))
	list.add("lead", indicator(r.all[i].index < 3))
	list.add("position", math.Log1p(float64(r.all[i].index)))
	list.add("short", indicator(n < 8))
	list.add("long", indicator(n > 40))
	list.add("question", indicator(strings.HasSuffix(s.view.Text, "?")))
	list.add("leans", indicator(s.span != s.own))
}

// flagged counts the verbs of speech of the question itself among toks.
func (r *sentenceSet) flagged(toks []words.Token) int {
	n := 0
	for _, t := range toks {
		if t.Is(words.IsSpeech) && r.asker.Known(t.Word) {
			n++
		}
	}
	return n
}

// negates reports whether toks say that something is not so.
func negates(toks []words.Token) bool {
	return slices.ContainsFunc(toks, func(t words.Token) bool {
		switch t.Text {
		case "not", "no", "never", "without", "cannot", "except":
			return true
		}
		return strings.HasSuffix(t.Text, "n't")
	})
}

// mean returns the weighted mean of the word vectors of toks, or nil.
func (r *sentenceSet) mean(toks []words.Token) []float64 {
	lexicon := r.lexicon
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
