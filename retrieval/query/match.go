package query

import (
	"math/bits"

	"verbatim/retrieval/words"
)

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

// matchCounter adds up a Match token by token.
type matchCounter struct {
	Match
	matcher  *Matcher
	sentence termSet
	sum      float64 // rarity of sentence
	last     int     // the term seen last, at token lastAt
	lastAt   int
	pairs    int
	figures  int
}

// Match reads v, which must be a view of m's.
func (m *Matcher) Match(v words.View) Match {
	c := matchCounter{matcher: m, last: -9, lastAt: -9}
	for i, t := range v.Tokens {
		begins := v.Begins(i)
		if begins {
			c.Best, c.sentence, c.sum = max(c.Best, c.sum), 0, 0
		}
		c.add(t, i, begins)
	}
	c.Best = max(c.Best, c.sum)
	if m.q.Kind == KindHowMany {
		c.Counted = m.counted(v)
	}
	c.Beside = m.beside(v.Tokens)
	return c.shares()
}

func (c *matchCounter) add(t words.Token, i int, begins bool) {
	word := c.matcher.state(t.Word)
	switch {
	case word.term >= 0:
		c.found = c.found.with(word.term)
		if !c.sentence.has(word.term) {
			c.sentence = c.sentence.with(word.term)
			c.sum += c.matcher.idf[word.term]
		}
		if i-c.lastAt <= 3 && word.term == c.last+1 {
			c.pairs++
		}
		c.last, c.lastAt = word.term, i
		if t.Is(words.IsFigure) {
			c.figures++
		}
	case word.asked:
	case t.Is(words.IsFigure):
		c.NewFigs++
		if t.Is(words.IsYear) {
			c.Dates++
		}
	case t.Cap && !begins && !t.Is(words.IsStop):
		c.NewNames++
		c.Type = max(c.Type, c.matcher.TypeSimilarity(t.Word))
		if t.Is(words.IsMonth | words.IsWeekday) {
			c.Dates++
		}
	default:
		c.plain(t)
	}
}

// counted looks for a new figure with what is to be counted within four words
// behind it: "1,037 Afghan troops" for "how many soldiers".
func (m *Matcher) counted(v words.View) float64 {
	toks := v.Tokens
	best := 0.0
	for i, t := range toks {
		if !t.Is(words.IsFigure|words.IsQuantity) || m.Asked(t.Word) || i+1 < len(toks) && t.Text == "half" && v.Gap(i+1) == "-" {
			continue
		}
		for j := i + 1; j < len(toks) && j <= i+4; j++ {
			switch u := toks[j]; {
			case u.Is(words.IsFigure):
			case m.Typed(u.Word):
				best = 1
			case !u.Is(words.IsStop) && !u.Cap && !m.Known(u.Word):
				best = max(best, m.TypeSimilarity(u.Word))
			}
		}
	}
	return best
}

// beside looks for a name right beside a word of the question that is no name
// itself: "Ahmad Bashir Samim, Badakhshan governor" for "who is the governor".
func (m *Matcher) beside(toks []words.Token) bool {
	run := 0
	for i, t := range toks {
		if t.Cap && !t.Is(words.IsStop|words.IsFigure) && !m.Asked(t.Word) && (i > 0 || !m.Known(t.Word)) {
			run++
			continue
		}
		if run >= 2 && (m.role(toks, i, i+3) || m.role(toks, i-run-3, i-run)) {
			return true
		}
		run = 0
	}
	return run >= 2 && m.role(toks, len(toks)-run-3, len(toks)-run)
}

// role reports whether one of toks[from:to] is a term of the question that is
// no part of a name.
func (m *Matcher) role(toks []words.Token, from, to int) bool {
	for _, t := range toks[max(0, from):max(0, min(to, len(toks)))] {
		if i := m.term(t.Word); i >= 0 && !m.q.Terms[i].Name {
			return true
		}
	}
	return false
}

// plain counts a word that is neither asked for nor a name nor a figure.
func (c *matchCounter) plain(t words.Token) {
	if t.Is(words.IsReason) {
		c.Reasons++
	}
	if t.Is(words.IsSpeech) {
		c.Sayings++
	}
	if t.Is(words.IsQuantity) {
		c.NewFigs++
	}
	if !t.Cap && !t.Is(words.IsStop) {
		c.Type = max(c.Type, .8*c.matcher.TypeSimilarity(t.Word))
	}
}

func (c *matchCounter) shares() Match {
	m := c.matcher
	c.Coverage = m.share(c.found)
	c.Terms = float64(bits.OnesCount64(uint64(c.found))) / float64(max(1, len(m.q.Terms)))
	if m.total > 0 {
		c.Best /= m.total
	}
	if m.rareSum > 0 {
		c.Rare = m.share(c.found&m.rare) * m.total / m.rareSum
	}
	if n := len(m.q.Terms) - 1; n > 0 {
		c.Bigrams = min(1, float64(c.pairs)/float64(n))
	}
	if n := len(m.q.Figures); n > 0 {
		c.Figures = min(1, float64(c.figures)/float64(n))
	}
	for _, name := range m.names {
		if name != 0 && c.found.all(name) {
			c.Names += 1 / float64(len(m.names))
		}
	}
	c.TypeWord = c.found.any(m.typed)
	return c.Match
}

// share returns the share of the question's rarity that the terms of s have.
func (m *Matcher) share(s termSet) float64 {
	if m.total == 0 {
		return 0
	}
	sum := 0.0
	for i, w := range m.idf {
		if s.has(i) {
			sum += w
		}
	}
	return sum / m.total
}

// Holds returns the share, by rarity, of the given stems of the question that
// the text of m holds; 0 if none of them is a term.
func (m *Matcher) Holds(text Match, stems []string) float64 {
	var set termSet
	for _, s := range stems {
		if i := m.q.term(s); i >= 0 {
			set = set.with(i)
		}
	}
	if set == 0 {
		return 0
	}
	return m.share(text.found&set) / max(m.share(set), 1e-9)
}

// Share returns the share of the question's rarity that w has, 0 if it is
// no term of it.
func (m *Matcher) Share(w *words.Word) float64 {
	i := m.term(w)
	if i < 0 || m.total == 0 {
		return 0
	}
	return m.idf[i] / m.total
}

// Typed reports whether w is a term of the question that names what is asked
// for.
func (m *Matcher) Typed(w *words.Word) bool {
	i := m.term(w)
	return i >= 0 && m.typed.has(i)
}

// Union returns the coverage of two texts together.
func (m *Matcher) Union(a, b Match) float64 { return m.share(a.found | b.found) }
