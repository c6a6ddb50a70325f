package facts

import (
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// Claim is a place where a text gives something as what somebody says or
// believes.
type Claim struct {
	At      int   // the word that says so: "said", "according", "reportedly"
	Speaker Range // empty if nobody is named
	Pronoun bool  // the speaker is a pronoun
	Said    Range // what is claimed
}

// Claims returns the claims of the text in the order of their words.
func (f *Facts) Claims() []Claim {
	var out []Claim
	if f.Kinds&(KindSpeech|KindDoubt) == 0 && !f.mayClaim() {
		return nil
	}
	for i := range f.Tokens {
		if f.Quoted(i) {
			continue
		}
		if c, ok := f.claim(i); ok {
			out = append(out, c)
		}
	}
	return out
}

// mayClaim reports whether there is a word of claiming besides the verbs.
func (f *Facts) mayClaim() bool {
	for i := range f.Tokens {
		if f.is(i, words.IsClaim|words.IsReporting) || f.text(i) == "according" || f.text(i) == "to" {
			return true
		}
	}
	return false
}

// claim reads the claim that token i makes.
func (f *Facts) claim(i int) (Claim, bool) {
	t, next := &f.Tokens[i], f.text(i+1)
	switch {
	case t.Class&words.IsHearsay != 0,
		next == "to" && (t.Text == "said" || t.Text == "appear" || t.Text == "appears" || t.Text == "seems"):
		c := f.Clauses()[f.ClauseOf(i)]
		if s := f.SentenceOf(i); f.is(s.To-1, words.IsOpinion) && c.From > s.From {
			c.From = s.From // "it may fall, analysts reportedly expect"
		}
		return Claim{At: i, Said: c.Range}, true
	case t.Text == "according" && next == "to":
		return f.accordingTo(i), true
	case t.Class&words.IsClaim != 0 && !PastTense(t.Word) && (next == "that" || next == "suggest" || next == "suggests" || next == "of" && f.text(i-2) == "there"):
		return Claim{At: i, Said: Range{i + 1, f.SentenceOf(i).To}}, true
	case f.is(i-1, words.IsBe):
		if t.Class&words.IsRumour != 0 { // "is said", "was reported"
			return Claim{At: i, Said: f.Clauses()[f.ClauseOf(i)].Range}, true
		}
	case t.Class&words.IsReporting != 0 && f.verb(i) && !(t.Base == "tell" && f.orders(i)):
		return f.said(i), true
	}
	return Claim{}, false
}

// orders reports whether the verb at token i says to somebody to do something.
func (f *Facts) orders(i int) bool {
	for k := i + 1; k < len(f.Tokens) && k < i+5 && f.text(k) != "that"; k++ {
		if f.text(k) == "to" {
			return true
		}
	}
	return false
}

// accordingTo reads "according to X": X up to the next comma or the end, and
// the whole sentence is X's claim.
func (f *Facts) accordingTo(i int) Claim {
	c := Claim{At: i, Said: f.SentenceOf(i), Speaker: Range{i + 2, i + 2}}
	for k := i + 2; k < c.Said.To && k < i+14; k++ {
		if k > i+2 && f.marks[k].gap&gapClause != 0 || f.text(k) == "who" || f.text(k) == "which" {
			break
		}
		c.Speaker.To = k + 1
	}
	if c.Speaker.From >= len(f.Tokens) {
		c.Speaker = Range{}
	}
	c.Pronoun = c.Speaker.Len() == 1 && f.is(c.Speaker.From, words.IsPronoun)
	return c
}

// said reads the verb of reporting at token i. "X said that Y" makes Y the
// claim, "Y, X said" and "Y, said X" what stands before.
func (f *Facts) said(i int) Claim {
	s := f.SentenceOf(i)
	c := Claim{At: i}
	if f.inverted(i) {
		c.Said, c.Speaker = Range{s.From, i}, Range{i + 1, i + 1}
		for k := i + 1; k < s.To && k < i+8 && !strings.ContainsAny(f.Gap(k), ",;:()"); k++ {
			c.Speaker.To = k + 1
		}
		return c
	}
	start := f.subject(i)
	c.Speaker = Range{start, max(start, f.verbFrom(i))}
	for k := start; k < i && c.Speaker.Len() <= 2; k++ {
		c.Pronoun = c.Pronoun || f.is(k, words.IsPronoun)
	}
	if f.complement(i, s) {
		c.Said = Range{i + 1, s.To}
	} else {
		c.Said = Range{s.From, start}
	}
	return c
}

// inverted reports whether the speaker follows the verb at token i: "…,’ said
// Mohammad Musa", "… , said the minister".
func (f *Facts) inverted(i int) bool {
	if f.text(i) == "told" { // who follows is told: "the mayor, Ann Lee, told Reuters"
		return false
	}
	if i == 0 || i+1 >= len(f.Tokens) || !strings.ContainsAny(f.Gap(i), ",’”\"'?!") {
		return false
	}
	if strings.TrimSpace(f.Gap(i+1)) != "" {
		return false
	}
	if f.closesApposition(i) {
		return false
	}
	next := f.text(i + 1)
	return f.Tokens[i+1].Cap || next == "the" || next == "a" || next == "an"
}

// closesApposition reports whether the comma before token i ends what is set off
// behind a name: "Marta Olsen, the finance minister, said the …".
func (f *Facts) closesApposition(i int) bool {
	if strings.TrimSpace(f.Gap(i)) != "," {
		return false
	}
	for k := i - 1; k > 0 && k >= i-8 && f.Sentence(k) == f.Sentence(i); k-- {
		if !strings.Contains(f.Gap(k), ",") {
			continue
		}
		return english.Appositions.Has(f.text(k)) && f.Tokens[k-1].Cap
	}
	return false
}

// subject returns where the subject of the verb at token i begins: after the
// last mark or conjunction before it, over a title set off by commas.
func (f *Facts) subject(i int) int {
	i = f.verbFrom(i)
	if from := f.SentenceOf(i).From; f.appositions(from, i) {
		return from
	}
	k := i
	for k > 0 && i-k < 16 && f.Sentence(k-1) == f.Sentence(i) {
		// The gap before the verb itself may close an apposition.
		g := f.Gap(k)
		if strings.ContainsAny(g, ";:()”’\"–—") && !strings.Contains(g, "s ") || f.is(k-1, words.IsConjunction) && f.text(k-1) != "and" {
			break
		}
		if f.is(k-1, words.IsReporting) && f.verb(k-1) && PastTense(f.Tokens[k-1].Word) && k < i {
			break // "said he thinks": he
		}
		if f.marks[k].gap&gapComma != 0 && !f.apposition(k, i) {
			break
		}
		k--
	}
	return k
}

// maxAppositions is the most tokens of a subject with what is set off from it.
const maxAppositions = 25

// appositions reports whether the tokens from from to i are a subject with
// several descriptions, set off by commas: "Ann Lee, founder of Lee, heir and
// friend, has said". No verb stands among them.
func (f *Facts) appositions(from, i int) bool {
	if i <= from || i-from > maxAppositions || i >= len(f.Tokens) || f.marks[i].gap&gapComma == 0 || !f.Tokens[from].Cap ||
		f.is(from, words.IsPreposition|words.IsConjunction|words.IsPronoun) {
		return false
	}
	commas := 0
	for k := from; k < i; k++ {
		if f.is(k, words.IsBe|words.IsAuxiliary|words.IsReporting|words.IsQuestion) || f.is(k, words.IsConjunction) && f.text(k) != "and" {
			return false
		}
		if k > from && f.marks[k].gap&gapClause != 0 {
			if f.marks[k].gap&gapComma == 0 || strings.ContainsAny(f.Gap(k), ";:()”’\"–—") {
				return false
			}
			commas++
		}
	}
	return commas > 0 && f.marks[from].flags&inName != 0
}

// verbFrom returns where the verb at token i begins, with its auxiliaries and
// adverbs: "has also said".
func (f *Facts) verbFrom(i int) int {
	for i > 0 && f.marks[i].gap&gapTight != 0 && (f.is(i-1, words.IsAuxiliary) || english.Between.Has(f.text(i-1)) || strings.HasSuffix(f.text(i-1), "n't")) {
		i--
	}
	return i
}

// apposition reports whether the comma before token k sets off a title between
// a name and its verb at i: "Samim, Badakhshan governor, however, assured".
func (f *Facts) apposition(k, i int) bool {
	if k == i {
		return true
	}
	comma := func(k int) bool { return f.marks[k].gap&gapComma != 0 }
	if first := f.text(k); (first == "a" || first == "an" || first == "the") && f.Tokens[k-1].Cap {
		// "Rahman, a council member told" is told by Rahman, "They fled to
		// Tajikistan, the border service said" by the service.
		return comma(i) || first != "the" && !f.is(k-1, words.IsPlace)
	}
	if comma(i) && f.Tokens[k].Cap && f.described(k) {
		return true // "the mayor, Ann Lee, told"
	}
	commas := 0
	for j := k; j <= i; j++ {
		if comma(j) {
			commas++
		}
	}
	return commas >= 2 && f.Tokens[k-1].Cap && (comma(i) || comma(max(k, i-1)))
}

// described reports whether a short description with an article stands before
// the comma before token k.
func (f *Facts) described(k int) bool {
	for j := k - 1; j >= 0 && j >= k-5; j-- {
		switch f.text(j) {
		case "the", "a", "an", "its", "his", "her", "their":
			return true
		}
		if strings.ContainsAny(f.Gap(j), ",;:.") {
			return false
		}
	}
	return false
}

// complement reports whether what is said follows the verb at token i of
// sentence s.
func (f *Facts) complement(i int, s Range) bool {
	if i+1 >= s.To {
		return false
	}
	g := f.Gap(i + 1)
	if strings.ContainsAny(g, "“‘\"«:") {
		return true
	}
	if strings.ContainsAny(g, ",;.") {
		return false
	}
	rest, saw := 0, false
	for k := i + 1; k < s.To; k++ {
		saw = saw || f.text(k) == "that" || f.is(k, words.IsHedge)
		if f.marks[k].flags&(content|inFigure|inName) == content {
			rest++
		}
	}
	before := 0
	for k := s.From; k < f.subject(i); k++ {
		if f.Content(k) {
			before++
		}
	}
	return saw || rest >= 3 || before < 2 && rest > 0
}
