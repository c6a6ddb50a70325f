package retrieval

import (
	"math"
	"slices"
	"strings"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// The features of a passage, in the order of their values.
var passageFeatureNames = [...]string{
	"bm25", "bm25_only_vector", "vector", "coverage", "rare", "sentence", "title", "title_rare", "bigrams", "phrases", "names",
	"figures", "new_name_who", "new_name_where", "new_name_which", "new_name_what", "new_figure", "new_date", "type", "type_word",
	"reason", "saying", "cited", "near3", "near10", "near60", "future", "lead", "article_best", "article_more", "vote", "length",
}

// Idf returns how rare a stem is among the passages, by the formula of BM25
// (Robertson and Zaragoza 2009): at least 0.
func (t TermStats) Idf(stem string) float64 {
	n, df := float64(t.Passages), float64(t.Frequency[stem])
	return math.Log(1 + (n-df+.5)/(df+.5))
}

// Asker holds what is the same for all texts that are matched with a question.
type Asker struct {
	q       *Question
	idf     map[string]float64 // by stem
	total   float64            // of idf over the terms
	rare    map[string]bool    // the rarest third of the terms, at least two
	rareSum float64
	types   [][]float32 // vectors of the words of q.Type
	lexicon Lexicon
	sim     map[string]float64 // by folded token, see typeSimilarity
}

// NewAsker returns what matching texts with q needs. lexicon may be nil.
func NewAsker(q *Question, stats TermStats, lexicon Lexicon) *Asker {
	a := &Asker{q: q, idf: make(map[string]float64), rare: make(map[string]bool), lexicon: lexicon, sim: make(map[string]float64)}
	terms := slices.Clone(q.Terms)
	for _, t := range terms {
		a.idf[t.Stem] = stats.Idf(t.Stem)
		a.total += a.idf[t.Stem]
	}
	slices.SortStableFunc(terms, func(x, y QTerm) int {
		switch d := a.idf[y.Stem] - a.idf[x.Stem]; {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	for i, t := range terms {
		if i < max(2, len(terms)/3) {
			a.rare[t.Stem] = true
			a.rareSum += a.idf[t.Stem]
		}
	}
	if lexicon != nil {
		for _, w := range q.Type {
			if v, ok := lexicon.AppendVector(nil, w); ok {
				a.types = append(a.types, v)
			}
		}
	}
	return a
}

// typeSimilarity returns how near the folded token lies to a word that names
// what is asked for, as a cosine of word vectors: "ford" to "automaker".
func (a *Asker) typeSimilarity(token string) float64 {
	if len(a.types) == 0 {
		return 0
	}
	if s, ok := a.sim[token]; ok {
		return s
	}
	best := 0.0
	if v, ok := a.lexicon.AppendVector(nil, token); ok {
		for _, t := range a.types {
			best = max(best, cosine(v, t))
		}
	}
	a.sim[token] = best
	return best
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

// Idf returns how rare the stem is among the question's terms, 0 for others.
func (a *Asker) Idf(stem string) float64 { return a.idf[stem] }

// Match is how a text answers to a question's words.
type Match struct {
	Coverage float64 // share of the question's rarity that the text holds, 0 to 1
	Rare     float64 // the same over its rarest terms
	Bigrams  float64 // share of neighbouring terms that are neighbours in the text
	Figures  float64 // share of the question's figures
	Names    float64 // share of the question's names, whole
	NewNames int     // capitalised words that the question does not hold
	NewFigs  int     // figures that the question does not hold
	Dates    int     // words that name a day, month or year
	Reasons  int     // words that give a reason
	Sayings  int     // verbs of speech
	Type     float64 // greatest similarity of a new name to what is asked for
	TypeWord bool    // holds a word that names what is asked for
	Found    map[string]bool
}

// Match reads toks, the tokens of text. It is not for concurrent use.
func (a *Asker) Match(text string, toks []Tok) Match {
	m := Match{Found: make(map[string]bool)}
	figures := make(map[string]bool)
	last, lastAt := "", -9
	pairs := 0
	for i, t := range toks {
		_, asked := a.idf[t.Stem]
		switch {
		case asked:
			m.Found[t.Stem] = true
			if last != "" && i-lastAt <= 3 && a.neighbours(last, t.Stem) {
				pairs++
			}
			last, lastAt = t.Stem, i
		case t.Figure():
			if !a.q.Has(t.Text) {
				m.NewFigs++
				if len(t.Text) == 4 && (t.Text[:2] == "19" || t.Text[:2] == "20") {
					m.Dates++
				}
			}
		case t.Cap && !Begins(text, toks, i) && !words.Stop(t.Text) && !a.q.Has(t.Text):
			m.NewNames++
			m.Type = max(m.Type, a.typeSimilarity(t.Text))
			if isMonth(t.Text) || isWeekday(t.Text) {
				m.Dates++
			}
		default:
			m.word(t)
			if numberWord(t.Text) {
				m.NewFigs++
			}
			if !t.Cap && len(a.types) > 0 && !words.Stop(t.Text) {
				m.Type = max(m.Type, .8*a.typeSimilarity(t.Text))
			}
		}
		if t.Figure() {
			figures[t.Text] = true
		}
	}
	a.shares(&m, figures, pairs)
	return m
}

func (m *Match) word(t Tok) {
	switch t.Text {
	case "because", "due", "after", "amid", "over", "since", "caused", "blamed", "citing", "following", "reason", "so":
		m.Reasons++
	}
	if saying(t.Stem) {
		m.Sayings++
	}
}

func (a *Asker) shares(m *Match, figures map[string]bool, pairs int) {
	var sum, rare float64
	for s := range m.Found {
		sum += a.idf[s]
		if a.rare[s] {
			rare += a.idf[s]
		}
	}
	if a.total > 0 {
		m.Coverage = sum / a.total
	}
	if a.rareSum > 0 {
		m.Rare = rare / a.rareSum
	}
	if n := len(a.q.Terms) - 1; n > 0 {
		m.Bigrams = min(1, float64(pairs)/float64(n))
	}
	if n := len(a.q.Figures); n > 0 {
		for _, f := range a.q.Figures {
			if figures[f] {
				m.Figures += 1 / float64(n)
			}
		}
	}
	for _, name := range a.q.Names {
		all := true
		for _, t := range name {
			all = all && m.Found[words.Stem(t)]
		}
		if all {
			m.Names += 1 / float64(len(a.q.Names))
		}
	}
	for _, w := range a.q.Type {
		m.TypeWord = m.TypeWord || m.Found[words.Stem(w)]
	}
}

// neighbours reports whether two stems follow each other in the question.
func (a *Asker) neighbours(s, t string) bool {
	for i := 1; i < len(a.q.Terms); i++ {
		if a.q.Terms[i-1].Stem == s && a.q.Terms[i].Stem == t {
			return true
		}
	}
	return false
}

// Begins reports whether token i is the first of a sentence, where a capital
// letter says nothing.
func Begins(text string, toks []Tok, i int) bool {
	if i == 0 {
		return true
	}
	return strings.ContainsAny(text[toks[i-1].End:toks[i].Start], ".?!\n“\"")
}

func isWeekday(t string) bool {
	switch t {
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday":
		return true
	}
	return false
}

func numberWord(t string) bool {
	switch t {
	case "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
		"sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
		"hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "billions", "dozen", "dozens", "half", "percent", "none", "zero":
		return true
	}
	return false
}

// articleView is what candidates of one article share.
type articleView struct {
	title  Match
	best   float64 // BM25 of its best passage
	others int     // further candidates
}

// passageFeatures returns the features of each candidate.
func (e *Engine) passageFeatures(q *Question, stats TermStats, cands []*candidate) []Features {
	a := NewAsker(q, stats, e.lexicon)
	top := 1e-9
	articles := make(map[string]*articleView)
	for _, c := range cands {
		top = max(top, c.bm25)
		v := articles[c.Ref.Article]
		if v == nil {
			v = &articleView{title: a.Match(c.Article.Title, View(c.Article.Title, e.stemmer))}
			articles[c.Ref.Article] = v
		} else {
			v.others++
		}
		v.best = max(v.best, c.bm25)
	}
	out := make([]Features, len(cands))
	for i, c := range cands {
		text := c.Text()
		toks := View(text, e.stemmer)
		out[i] = Features{Names: passageFeatureNames[:], Values: a.passage(c, text, toks, articles[c.Ref.Article], top)}
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
		c.bm25 / top, flag(c.bm25 == 0), c.vector, union, m.Rare, a.bestSentence(text, toks), t.Coverage, t.Rare, m.Bigrams,
		a.Phrases(toks), max(m.Names, t.Names), m.Figures,
		newNames * flag(who), newNames * flag(where), newNames * flag(which), newNames * flag(!who && !where && !which),
		math.Log1p(float64(m.NewFigs)) * flag(q.Kind == KindHowMany), math.Log1p(float64(m.Dates)) * flag(q.Kind == KindWhen),
		m.Type, flag(m.TypeWord), math.Log1p(float64(m.Reasons)) * flag(q.Kind == KindWhy),
		math.Log1p(float64(m.Sayings)) * flag(q.Kind == KindSaid), a.CitedBy(&c.Article.Info, text),
		n3, n10, n60, future, flag(c.Ref.Start < 600), art.best / top, math.Log1p(float64(art.others)), 0, float64(len(toks)) / 130,
	}
	return v
}

// Union returns the coverage of two texts together.
func (a *Asker) Union(m, t Match) float64 {
	if a.total == 0 {
		return 0
	}
	sum := 0.0
	for s, w := range a.idf {
		if m.Found[s] || t.Found[s] {
			sum += w
		}
	}
	return sum / a.total
}

// bestSentence returns the greatest coverage of one line or sentence, found
// without a sentence splitter: the tokens between full stops.
func (a *Asker) bestSentence(text string, toks []Tok) float64 {
	if a.total == 0 {
		return 0
	}
	best, sum := 0.0, 0.0
	var found []string
	for i, t := range toks {
		if Begins(text, toks, i) {
			best, sum, found = max(best, sum), 0, found[:0]
		}
		if w, ok := a.idf[t.Stem]; ok && !slices.Contains(found, t.Stem) {
			found = append(found, t.Stem)
			sum += w
		}
	}
	return max(best, sum) / a.total
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
