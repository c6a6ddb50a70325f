package rank

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// The features of a passage, in the order of their values.
var passageFeatureNames = [...]string{
	"bm25", "bm25_only_vector", "vector", "coverage", "rare", "sentence", "title", "title_rare", "bigrams", "phrases", "names",
	"figures", "new_name_who", "new_name_where", "new_name_which", "new_name_what", "new_figure", "new_date", "type", "type_word",
	"reason", "saying", "cited", "near3", "near10", "near60", "future", "lead", "article_best", "article_more", "counted", "beside_who", "length",
}

// Idf returns how rare a stem is among the passages, by the formula of BM25
// (Robertson and Zaragoza 2009): at least 0.
func (t TermStats) Idf(stem string) float64 {
	n, df := float64(t.Passages), float64(t.Frequency[stem])
	return math.Log(1 + (n-df+.5)/(df+.5))
}

// Asker matches texts with a question. It remembers every word that it has
// seen, so one is made for each question; it is not for concurrent use.
type Asker struct {
	q       *Question
	stemmer *words.Stemmer
	lexicon Lexicon
	idf     []float64 // by term
	total   float64   // of idf
	rare    termSet   // the rarest third of the terms, at least two
	rareSum float64
	names   []termSet
	typed   termSet // the terms that name what is asked for
	types   []typeVector
	seen    map[string]*Word
	toks    []Tok // reused
	vector  []float32
}

// typeVector is the vector of a word of q.Type or of its instances, with what
// a likeness to it is worth: that to the head noun the most.
type typeVector struct {
	vector []float32
	worth  float64
}

// termSet is a set of terms of a question by their index.
type termSet uint64

func (s termSet) has(i int) bool     { return s>>i&1 == 1 }
func (s termSet) all(t termSet) bool { return s&t == t }
func (s termSet) with(i int) termSet { return s | 1<<i }
func (s termSet) any(t termSet) bool { return s&t != 0 }

// NewAsker returns what matching texts with q needs. stemmer and lexicon may
// be nil.
func NewAsker(q *Question, stats TermStats, stemmer *words.Stemmer, lexicon Lexicon) *Asker {
	a := &Asker{q: q, stemmer: stemmer, lexicon: lexicon, seen: make(map[string]*Word, 1024)}
	byRarity := make([]int, len(q.Terms))
	for i, t := range q.Terms {
		byRarity[i] = i
		a.idf = append(a.idf, stats.Idf(t.Stem))
		a.total += a.idf[i]
	}
	slices.SortStableFunc(byRarity, func(x, y int) int { return cmp.Compare(a.idf[y], a.idf[x]) })
	for _, i := range byRarity[:min(len(byRarity), max(2, len(byRarity)/3))] {
		a.rare = a.rare.with(i)
		a.rareSum += a.idf[i]
	}
	for _, name := range q.Names {
		var set termSet
		for _, w := range name {
			if i := q.term(words.Stem(w)); i >= 0 {
				set = set.with(i)
			}
		}
		a.names = append(a.names, set)
	}
	for k, w := range q.Type {
		if i := q.term(words.Stem(w)); i >= 0 {
			a.typed = a.typed.with(i)
		}
		if lexicon == nil {
			continue
		}
		worth := .6
		if k == len(q.Type)-1 {
			worth = 1
		}
		if v, ok := lexicon.AppendVector(nil, w); ok {
			a.types = append(a.types, typeVector{v, worth})
		}
		if v := mean(lexicon, instances(w)); v != nil {
			a.types = append(a.types, typeVector{v, worth})
		}
	}
	return a
}

// View returns the tokens of text as the question sees them.
func (a *Asker) View(text string) []Tok { return a.view(make([]Tok, 0, len(text)/5), text) }

func (a *Asker) view(dst []Tok, text string) []Tok {
	for t := range words.Tokens(text) {
		w, ok := a.seen[t.Text]
		if !ok {
			w = a.word(t.Text)
			a.seen[t.Text] = w
		}
		dst = append(dst, Tok{Start: t.Start, End: t.End, Cap: upper(text, t.Start), Word: w})
	}
	return dst
}

func (a *Asker) word(text string) *Word {
	w := newWord(text, a.stemmer)
	w.term = a.q.term(w.Stem)
	w.Asked = a.q.Has(text)
	return w
}

// mean returns the sum of the vectors of list, or nil.
func mean(lexicon Lexicon, list []string) []float32 {
	var sum []float32
	for _, w := range list {
		v, ok := lexicon.AppendVector(nil, w)
		if !ok {
			continue
		}
		if sum == nil {
			sum = v
			continue
		}
		for i, x := range v {
			sum[i] += x
		}
	}
	return sum
}

// TypeSimilarity returns how near a word lies to one that names what is asked
// for, as a cosine of word vectors: "ford" to "automaker".
func (a *Asker) TypeSimilarity(w *Word) float64 {
	if len(a.types) == 0 {
		return 0
	}
	if !w.compared {
		w.compared = true
		if v, ok := a.lexicon.AppendVector(a.vector[:0], w.Text); ok {
			a.vector = v
			for _, t := range a.types {
				w.likeness = max(w.likeness, t.worth*cosine(v, t.vector))
			}
		}
	}
	return w.likeness
}

func cosine(a, b []float32) float64 {
	var dot, aa, bb float64
	for i := range a {
		dot += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return dot / math.Sqrt(aa*bb)
}

// articleView is what candidates of one article share.
type articleView struct {
	title  Match
	best   float64 // BM25 of its best passage
	others int     // further candidates
}

// passageFeatures returns the features of each candidate.
func (e *Engine) passageFeatures(q *Question, stats TermStats, cands []*candidate) []Features {
	a := NewAsker(q, stats, e.stemmer, e.lexicon)
	top := 1e-9
	articles := make(map[string]*articleView)
	for _, c := range cands {
		top = max(top, c.bm25)
		v := articles[c.Ref.Article]
		if v == nil {
			v = &articleView{title: a.Match(c.Article.Title, a.View(c.Article.Title))}
			articles[c.Ref.Article] = v
		} else {
			v.others++
		}
		v.best = max(v.best, c.bm25)
	}
	out := make([]Features, len(cands))
	describe := func(a *Asker, from, to int) {
		for i, c := range cands[from:to] {
			text := c.Text()
			a.toks = a.view(a.toks[:0], text)
			out[from+i] = Features{Names: passageFeatureNames[:], Values: a.passage(c, text, a.toks, articles[c.Ref.Article], top)}
		}
	}
	// An asker is not for concurrent use: the other half has one of its own.
	half := len(cands) / 2
	var wait sync.WaitGroup
	wait.Go(func() { describe(NewAsker(q, stats, e.stemmer, e.lexicon), half, len(cands)) })
	describe(a, 0, half)
	wait.Wait()
	return out
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (a *Asker) passage(c *candidate, text string, toks []Tok, art *articleView, top float64) []float64 {
	q, m, t := a.q, a.Match(text, toks), art.title
	who, where, which := q.Kind == KindWho, q.Kind == KindWhere, q.Kind == KindWhich
	newNames := math.Log1p(float64(m.NewNames))
	n3, n10, n60, future := Nearness(c.Article.Published, q.AsOf)
	union := a.Union(m, t)
	v := []float64{
		c.bm25 / top, flag(c.bm25 == 0), c.vector, union, m.Rare, m.Best, t.Coverage, t.Rare, m.Bigrams,
		a.Phrases(toks), max(m.Names, t.Names), m.Figures,
		newNames * flag(who), newNames * flag(where), newNames * flag(which), newNames * flag(!who && !where && !which),
		math.Log1p(float64(m.NewFigs)) * flag(q.Kind == KindHowMany), math.Log1p(float64(m.Dates)) * flag(q.Kind == KindWhen),
		m.Type, flag(m.TypeWord), math.Log1p(float64(m.Reasons)) * flag(q.Kind == KindWhy),
		math.Log1p(float64(m.Sayings)) * flag(q.Kind == KindSaid), a.CitedBy(&c.Article.Info, text),
		n3, n10, n60, future, flag(c.Ref.Start < 600), art.best / top, math.Log1p(float64(art.others)),
		m.Counted, flag(who && m.Beside), float64(len(toks)) / 130,
	}
	return v
}

// Phrases returns the share of the question's quoted phrases that toks hold.
func (a *Asker) Phrases(toks []Tok) float64 {
	n := 0
	for _, p := range a.q.Phrases {
		for i := 0; i+len(p) <= len(toks); i++ {
			j := 0
			for j < len(p) && toks[i+j].Stem == p[j] {
				j++
			}
			if j == len(p) {
				n++
				break
			}
		}
	}
	return float64(n) / float64(max(1, len(a.q.Phrases)))
}

// CitedBy reports, as 1 or 0, whether the text is of or cites the one that
// the question wants it from.
func (a *Asker) CitedBy(info *corpus.Info, text string) float64 {
	if a.q.Cited == "" {
		return 0
	}
	name := words.Fold(info.Outlet + " " + info.Agency)
	return flag(strings.Contains(name, a.q.Cited) || strings.Contains(words.Fold(text), a.q.Cited))
}

// Nearness returns how near an article's date lies to the day of asking, as
// decays of 3, 10 and 60 days, and whether it lies later.
func Nearness(published, asOf corpus.Date) (n3, n10, n60, future float64) {
	days, ok := asOf.Days(published)
	if !ok {
		return 0, 0, 0, 0
	}
	d := math.Abs(float64(days))
	return math.Exp(-d / 3), math.Exp(-d / 10), math.Exp(-d / 60), flag(days < -3)
}

// PassageFeatures returns the names of the features of a passage, in the
// order of their values.
func PassageFeatures() []string { return slices.Clone(passageFeatureNames[:]) }
