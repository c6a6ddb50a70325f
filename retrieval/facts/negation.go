package facts

import (
	"strings"

	"verbatim/retrieval/words"
)

// Denial is a word that reverses what it governs, with the content words of
// its scope.
type Denial struct {
	At     int
	Soft   bool  // "before" with a verb: not yet so
	After  []int // the content tokens that it governs
	Before []int // those before it in its clause, the nearest first
	That   []int // what is said not to be shown: "no evidence that it fell"
}

// maxScope is how many content words a negation governs.
const maxScope = 6

// Denials returns the negations of the text. Two that stand together cancel
// out ("not without", "has not ceased").
func (f *Facts) Denials() []Denial {
	var out []Denial
	for i := range f.Tokens {
		t := &f.Tokens[i]
		soft := t.Text == "before" && strings.HasSuffix(f.text(i+1), "ing")
		off := t.Text == "off" && i > 0 && f.Tokens[i-1].Base == "call"
		if !soft && !off && !f.negator(i) {
			continue
		}
		if last := len(out) - 1; last >= 0 && i-out[last].At <= 3 && f.ClauseOf(i) == f.ClauseOf(out[last].At) {
			out = out[:last]
			continue
		}
		n := f.denial(i)
		n.Soft = soft
		out = append(out, n)
	}
	return out
}

func (f *Facts) denial(i int) Denial {
	n := Denial{At: i}
	for k := i + 1; k < len(f.Tokens) && len(n.After) < maxScope; k++ {
		if f.Sentence(k) != f.Sentence(i) || strings.ContainsAny(f.Gap(k), ",;:()–—") ||
			k > i+1 && f.is(k, words.IsConjunction) && f.text(k) != "or" {
			break
		}
		if f.Content(k) && !f.is(k, words.IsNegator) {
			n.After = append(n.After, k)
		}
	}
	n.That = f.unproven(i)
	from := f.Clauses()[f.ClauseOf(i)].From
	for k := i - 1; k >= from && len(n.Before) < 4; k-- {
		if f.Content(k) && !f.is(k, words.IsNegator) {
			n.Before = append(n.Before, k)
		}
	}
	return n
}

// unproven returns the content words behind the "that" of what the negation at
// token i says nobody has shown, or nil.
func (f *Facts) unproven(i int) (out []int) {
	that := -1
	for k := i + 1; k < len(f.Tokens) && f.Sentence(k) == f.Sentence(i); k++ {
		if k > i+1 && strings.ContainsAny(f.Gap(k), ",;:()–—") {
			break
		}
		switch {
		case that >= 0 && len(out) == maxScope:
			return out
		case that >= 0 && f.Content(k):
			out = append(out, k)
		case f.text(k) == "that":
			if k > i+6 || !f.is(k-1, words.IsProof) {
				return nil
			}
			that = k
		}
	}
	return out
}
