package rank

import (
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// maxMarkWords is the most tokens of a mark.
const maxMarkWords = 12

// Marks returns the words of s that answer, as spans of the article's body
// inside the quote: what is asked for (a figure with its unit, a name, a
// date) where the likeliest words of the answer stand, else what surrounds
// these words. It returns nil if no word is likely.
func (f *Selection) Marks(s *Sentence) []corpus.Span {
	if f.set == nil {
		return nil
	}
	m := marker{set: f.set, view: f.set.asker.View(s.article.Body[s.span.Start:s.span.End])}
	m.weigh(f.words)
	r := m.filler(slotOf(f.result.Question))
	if r.Len() == 0 {
		r = m.window()
	}
	if r.Len() == 0 {
		return nil
	}
	first, last := m.view.Tokens[r.From], m.view.Tokens[r.To-1]
	return []corpus.Span{{Start: s.span.Start + first.Start, End: s.span.Start + last.End}}
}

// marker finds the words of a quote that answer.
type marker struct {
	set    *sentenceSet
	view   words.View
	facts  *facts.Facts
	weight []float64 // of each token: how likely its word is the answer
}

// weigh gives each token its word's share of the probability, more if it
// stands near to words of the question.
func (m *marker) weigh(candidates []*candidate) {
	share := make(map[*words.Word]float64, len(candidates))
	for _, c := range candidates {
		share[c.word] = c.share
	}
	m.weight = make([]float64, len(m.view.Tokens))
	const near = 8
	for i, t := range m.view.Tokens {
		if !m.set.asker.Fresh(t.Word) {
			continue
		}
		known := 0
		for j := max(0, i-near); j < min(len(m.view.Tokens), i+near+1); j++ {
			if m.set.asker.Known(m.view.Tokens[j].Word) {
				known++
			}
		}
		const least = 1e-4 // of a word that no model has looked at
		m.weight[i] = (share[t.Word] + least) * float64(1+known)
	}
	m.facts = facts.Read(m.view)
}

func (m *marker) sum(from, to int) float64 {
	sum := 0.0
	for _, w := range m.weight[from:to] {
		sum += w
	}
	return sum
}

// filler returns the likeliest of the facts that may fill s, with what belongs
// to it; empty if there is none.
func (m *marker) filler(s slot) facts.Range {
	asked := func(i int) bool {
		return !m.set.asker.Fresh(m.view.Tokens[i].Word) && !m.view.Tokens[i].Is(words.IsStop)
	}
	var best facts.Range
	most := 0.0
	for _, f := range s.fillers(m.facts, asked) {
		r := m.extend(f)
		if v := m.sum(r.From, r.To); v > most {
			best, most = r, v
		}
	}
	return best
}

// extend returns the tokens of f: of a figure with what it counts, of a reason
// or a verb of speech with what follows in its sentence.
func (m *marker) extend(f facts.Fact) facts.Range {
	r := facts.Range{From: f.From, To: f.To}
	switch {
	case f.Kind&(facts.KindReason|facts.KindMaybeReason|facts.KindSpeech) != 0:
		r.To = min(m.facts.SentenceOf(f.From).To, f.From+maxMarkWords)
	case f.Kind&facts.KindNumber != 0:
		for _, figure := range m.facts.Figures {
			if figure.From <= f.From && f.From < figure.To && figure.Counts.Len() > 0 {
				r.To = max(r.To, figure.Counts.To)
			}
		}
	}
	r.To = min(r.To, r.From+maxMarkWords)
	return r
}

// window returns the likeliest run of at most maxMarkWords tokens in one
// sentence, without unlikely words at its ends.
func (m *marker) window() facts.Range {
	var best facts.Range
	most := 0.0
	for i := range m.weight {
		end := min(m.facts.SentenceOf(i).To, i+maxMarkWords)
		if v := m.sum(i, end); v > most {
			best, most = facts.Range{From: i, To: end}, v
		}
	}
	for best.Len() > 0 && m.weight[best.From] == 0 {
		best.From++
	}
	for best.Len() > 0 && m.weight[best.To-1] == 0 {
		best.To--
	}
	return best
}
