package retrieval

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"

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

// Match is how a text answers to a question's words.
type Match struct {
	Coverage float64 // share of the question's rarity that the text holds, 0 to 1
	Best     float64 // the same of its best sentence
	Terms    float64 // share of the question's terms, each counting the same
	Rare     float64 // the same over the question's rarest terms
	Bigrams  float64 // share of neighbouring terms that are neighbours in the text
	Figures  float64 // share of the question's figures
	Names    float64 // share of the question's names, whole
	NewNames int     // capitalised words that the question does not hold
	NewFigs  int     // figures that the question does not hold
	Dates    int     // words that name a day, month or year
	Reasons  int     // words that give a reason
	Sayings  int     // verbs of speech
	Type     float64 // greatest similarity of a new word to what is asked for
	TypeWord bool    // holds a word that names what is asked for
	Counted  float64 // how like what is to be counted a word right behind a new figure is, 0 to 1
	Beside   bool    // a new name of two words or more stands right beside a word of the question
	found    termSet
}

// matching is a Match in the making.
type matching struct {
	Match
	asker    *Asker
	sentence termSet
	sum      float64 // rarity of sentence
	last     int     // the term seen last, at token lastAt
	lastAt   int
	pairs    int
	figures  int
}

// Match reads toks, the tokens of text.
func (a *Asker) Match(text string, toks []Tok) Match {
	m := matching{asker: a, last: -9, lastAt: -9}
	for i, t := range toks {
		begins := Begins(text, toks, i)
		if begins {
			m.Best, m.sentence, m.sum = max(m.Best, m.sum), 0, 0
		}
		m.add(t, i, begins)
	}
	m.Best = max(m.Best, m.sum)
	if a.q.Kind == KindHowMany {
		m.Counted = a.counted(text, toks)
	}
	m.Beside = a.beside(text, toks)
	return m.shares()
}

func (m *matching) add(t Tok, i int, begins bool) {
	switch {
	case t.term >= 0:
		m.found = m.found.with(t.term)
		if !m.sentence.has(t.term) {
			m.sentence = m.sentence.with(t.term)
			m.sum += m.asker.idf[t.term]
		}
		if i-m.lastAt <= 3 && t.term == m.last+1 {
			m.pairs++
		}
		m.last, m.lastAt = t.term, i
		if t.Figure {
			m.figures++
		}
	case t.Asked:
	case t.Figure:
		m.NewFigs++
		if t.Year {
			m.Dates++
		}
	case t.Cap && !begins && !t.Stop:
		m.NewNames++
		m.Type = max(m.Type, m.asker.TypeSimilarity(t.Word))
		if t.Calendar {
			m.Dates++
		}
	default:
		m.plain(t)
	}
}

// counted looks for a new figure with what is to be counted within four words
// behind it: "1,037 Afghan troops" for "how many soldiers".
func (a *Asker) counted(text string, toks []Tok) float64 {
	best := 0.0
	for i, t := range toks {
		if !t.Figure && !t.Number || t.Asked || i+1 < len(toks) && t.Text == "half" && toks[i+1].Start == t.End+1 && text[t.End] == '-' {
			continue
		}
		for j := i + 1; j < len(toks) && j <= i+4; j++ {
			switch u := toks[j]; {
			case u.Figure:
			case u.term >= 0 && a.typed.has(u.term):
				best = 1
			case !u.Stop && !u.Cap && u.term < 0:
				best = max(best, a.TypeSimilarity(u.Word))
			}
		}
	}
	return best
}

// beside looks for a name right beside a word of the question that is no name
// itself: "Ahmad Bashir Samim, Badakhshan governor" for "who is the governor".
func (a *Asker) beside(text string, toks []Tok) bool {
	run := 0
	for i, t := range toks {
		if t.Cap && !t.Stop && !t.Asked && !t.Figure && (i > 0 || t.term < 0) {
			run++
			continue
		}
		if run >= 2 && (a.role(toks, i, i+3) || a.role(toks, i-run-3, i-run)) {
			return true
		}
		run = 0
	}
	return run >= 2 && a.role(toks, len(toks)-run-3, len(toks)-run)
}

// role reports whether one of toks[from:to] is a term of the question that is
// no part of a name.
func (a *Asker) role(toks []Tok, from, to int) bool {
	for _, t := range toks[max(0, from):max(0, min(to, len(toks)))] {
		if t.term >= 0 && !a.q.Terms[t.term].Name {
			return true
		}
	}
	return false
}

// plain counts a word that is neither asked for nor a name nor a figure.
func (m *matching) plain(t Tok) {
	if t.Reason {
		m.Reasons++
	}
	if t.Saying {
		m.Sayings++
	}
	if t.Number {
		m.NewFigs++
	}
	if !t.Cap && !t.Stop {
		m.Type = max(m.Type, .8*m.asker.TypeSimilarity(t.Word))
	}
}

func (m *matching) shares() Match {
	a := m.asker
	m.Coverage = a.share(m.found)
	m.Terms = float64(bits.OnesCount64(uint64(m.found))) / float64(max(1, len(a.q.Terms)))
	if a.total > 0 {
		m.Best /= a.total
	}
	if a.rareSum > 0 {
		m.Rare = a.share(m.found&a.rare) * a.total / a.rareSum
	}
	if n := len(a.q.Terms) - 1; n > 0 {
		m.Bigrams = min(1, float64(m.pairs)/float64(n))
	}
	if n := len(a.q.Figures); n > 0 {
		m.Figures = min(1, float64(m.figures)/float64(n))
	}
	for _, name := range a.names {
		if name != 0 && m.found.all(name) {
			m.Names += 1 / float64(len(a.names))
		}
	}
	m.TypeWord = m.found.any(a.typed)
	return m.Match
}

// share returns the share of the question's rarity that the terms of s have.
func (a *Asker) share(s termSet) float64 {
	if a.total == 0 {
		return 0
	}
	sum := 0.0
	for i, w := range a.idf {
		if s.has(i) {
			sum += w
		}
	}
	return sum / a.total
}

// Holds returns the share, by rarity, of the given stems of the question that
// the text of m holds; 0 where none of them is a term.
func (a *Asker) Holds(m Match, stems []string) float64 {
	var set termSet
	for _, s := range stems {
		if i := a.q.term(s); i >= 0 {
			set = set.with(i)
		}
	}
	if set == 0 {
		return 0
	}
	return a.share(m.found&set) / max(a.share(set), 1e-9)
}

// Union returns the coverage of two texts together.
func (a *Asker) Union(m, t Match) float64 { return a.share(m.found | t.found) }

// Begins reports whether token i is the first of a sentence, where a capital
// letter says nothing.
func Begins(text string, toks []Tok, i int) bool {
	if i == 0 {
		return true
	}
	from, to := toks[i-1].End, toks[i].Start
	if to-from == 1 {
		c := text[from]
		return c == '\n' || c == '.' || c == '"'
	}
	return strings.ContainsAny(text[from:to], ".?!\n“\"")
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
	for i, c := range cands {
		text := c.Text()
		a.toks = a.view(a.toks[:0], text)
		out[i] = Features{Names: passageFeatureNames[:], Values: a.passage(c, text, a.toks, articles[c.Ref.Article], top)}
	}
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
