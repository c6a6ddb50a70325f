package query

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// TermStats tell how rare the terms of a question are.
type TermStats struct {
	Frequency map[string]int // passages that contain the stem
	Passages  int            // all searched passages
}

// Lexicon knows words by their vectors. It may be used from many goroutines.
type Lexicon interface {
	// AppendVector appends the vector of a folded word to dst, and reports
	// whether the word is known; an unknown one appends nothing.
	AppendVector(dst []float32, word string) ([]float32, bool)
	// Weight returns what the word counts in a mean of vectors: less, the more
	// common it is.
	Weight(word string) (float64, bool)
}

// Idf returns how rare a stem is among the passages, by the formula of BM25
// (Robertson and Zaragoza 2009): at least 0.
func (t TermStats) Idf(stem string) float64 {
	n, df := float64(t.Passages), float64(t.Frequency[stem])
	return math.Log(1 + (n-df+.5)/(df+.5))
}

// Matcher matches texts with a question. It remembers every word that it has
// seen, so one is made for each question; it is not for concurrent use.
type Matcher struct {
	q       *Question
	lexicon Lexicon
	idf     []float64 // by term
	total   float64   // of idf
	rare    termSet   // the rarest third of the terms, at least two
	rareSum float64
	names   []termSet
	typed   termSet // the terms that name what is asked for
	types   []typeVector
	words   *words.Vocabulary
	states  []state // by ID of the word
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

// NewMatcher returns what matching texts with q needs. stemmer and lexicon may
// be nil.
func NewMatcher(q *Question, stats TermStats, stemmer *words.Stemmer, lexicon Lexicon) *Matcher {
	m := &Matcher{q: q, lexicon: lexicon, words: words.NewVocabulary(stemmer)}
	byRarity := make([]int, len(q.Terms))
	for i, t := range q.Terms {
		byRarity[i] = i
		m.idf = append(m.idf, stats.Idf(t.Stem))
		m.total += m.idf[i]
	}
	slices.SortStableFunc(byRarity, func(x, y int) int { return cmp.Compare(m.idf[y], m.idf[x]) })
	for _, i := range byRarity[:min(len(byRarity), max(2, len(byRarity)/3))] {
		m.rare = m.rare.with(i)
		m.rareSum += m.idf[i]
	}
	for _, name := range q.Names {
		var set termSet
		for _, w := range name {
			if i := q.term(words.Stem(w)); i >= 0 {
				set = set.with(i)
			}
		}
		m.names = append(m.names, set)
	}
	for k, w := range q.Type {
		if i := q.term(words.Stem(w)); i >= 0 {
			m.typed = m.typed.with(i)
		}
		if lexicon == nil {
			continue
		}
		worth := .6
		if k == len(q.Type)-1 {
			worth = 1
		}
		if v, ok := lexicon.AppendVector(nil, w); ok {
			m.types = append(m.types, typeVector{v, worth})
		}
		if v := mean(lexicon, instances()[w]); v != nil {
			m.types = append(m.types, typeVector{v, worth})
		}
	}
	return m
}

// state is what a word is to the question.
type state struct {
	term     int  // index in the question's terms, or -1
	asked    bool // the question holds it
	compared bool
	likeness float64 // to what is asked for, if compared
}

// View returns text with its tokens. Their words are the matcher's own.
func (m *Matcher) View(text string) words.View { return m.words.View(text) }

// AppendTokens appends the tokens of text to dst.
func (m *Matcher) AppendTokens(dst []words.Token, text string) []words.Token {
	return m.words.AppendTokens(dst, text)
}

// state returns what w, a word of one of m's views, is to the question.
func (m *Matcher) state(w *words.Word) *state {
	if w.ID >= len(m.states) {
		for _, w := range m.words.Words()[len(m.states):] {
			m.states = append(m.states, state{term: m.q.term(w.Stem), asked: m.q.Has(w.Text)})
		}
	}
	return &m.states[w.ID]
}

// term returns the index of w in the question's terms, or -1.
func (m *Matcher) term(w *words.Word) int { return m.state(w).term }

// Known reports whether w is a term of the question, in some form.
func (m *Matcher) Known(w *words.Word) bool { return m.state(w).term >= 0 }

// Asked reports whether the question holds w itself.
func (m *Matcher) Asked(w *words.Word) bool { return m.state(w).asked }

// Fresh reports whether w could be a word of an answer: one that the question
// does not hold.
func (m *Matcher) Fresh(w *words.Word) bool {
	s := m.state(w)
	return !s.asked && s.term < 0 && !w.Is(words.IsStop)
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
func (m *Matcher) TypeSimilarity(w *words.Word) float64 {
	if len(m.types) == 0 {
		return 0
	}
	s := m.state(w)
	if !s.compared {
		s.compared = true
		if v, ok := m.lexicon.AppendVector(m.vector[:0], w.Text); ok {
			m.vector = v
			for _, t := range m.types {
				s.likeness = max(s.likeness, t.worth*cosine(v, t.vector))
			}
		}
	}
	return s.likeness
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

// Phrases returns the share of the question's quoted phrases that toks hold.
func (m *Matcher) Phrases(toks []words.Token) float64 {
	n := 0
	for _, p := range m.q.Phrases {
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
	return float64(n) / float64(max(1, len(m.q.Phrases)))
}

// CitedBy reports, as 1 or 0, whether the text is of or cites the one that
// the question wants it from.
func (m *Matcher) CitedBy(info *corpus.Info, text string) float64 {
	if m.q.Cited == "" {
		return 0
	}
	name := words.Fold(info.Outlet + " " + info.Agency)
	if strings.Contains(name, m.q.Cited) || strings.Contains(words.Fold(text), m.q.Cited) {
		return 1
	}
	return 0
}
