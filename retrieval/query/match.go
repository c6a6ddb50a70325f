package query

import (
	"math/bits"
	"strings"
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

// Share returns the share of the question's rarity that w has, 0 where it is
// no term of it.
func (a *Asker) Share(w *Word) float64 {
	if w.term < 0 || a.total == 0 {
		return 0
	}
	return a.idf[w.term] / a.total
}

// Typed reports whether w is a term of the question that names what is asked
// for.
func (a *Asker) Typed(w *Word) bool { return w.term >= 0 && a.typed.has(w.term) }

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
