package conversation

import (
	"slices"
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// maxPronouns is the most words of a question whose pronouns are resolved.
const maxPronouns = 12

// pronouns puts persons, peoples and places that were named into the place of
// pronouns that have nothing before them to stand for. It gives up if one of
// them is left.
func pronouns(q, last *text, said string) string {
	if len(q.Tokens) > maxPronouns {
		return ""
	}
	type swap struct {
		at int
		by string
	}
	var swaps []swap
	for _, i := range q.open() {
		by := ""
		switch w := q.word(i); {
		case english.PersonPronouns.Has(w):
			by = possessive(q, i, person(last, said))
		case english.PeoplePronouns.Has(w):
			by = possessive(q, i, people(last))
		case w == "there":
			if by = place(last); by != "" {
				by = "in " + by
			}
		}
		if by == "" {
			return ""
		}
		swaps = append(swaps, swap{i, by})
	}
	if len(swaps) == 0 {
		return ""
	}
	slices.Reverse(swaps)
	from := 0
	if w := q.word(0); w == "and" || w == "but" || w == "so" {
		from = q.Tokens[1].Start
	}
	out := strings.TrimRight(q.Text, "?.! ")
	for _, s := range swaps {
		t := q.Tokens[s.at]
		out = out[:t.Start] + s.by + out[t.End:]
	}
	return out[from:]
}

// open lists the pronouns of a question that nothing before them in it can be
// meant by: no name and no noun.
func (t *text) open() []int {
	var out []int
	for i := range t.Tokens {
		w := t.word(i)
		switch {
		case english.PersonPronouns.Has(w), english.PeoplePronouns.Has(w), english.ThingPronouns.Has(w) && !t.determines(i), w == "there" && !t.existential(i):
			out = append(out, i)
		case i >= t.lead && t.isNoun(i):
			return out
		}
	}
	return out
}

// isNoun reports whether token i may be what a later pronoun stands for: a name,
// or a word of content that is no verb behind its subject. In a question such as
// "When did he say it?" the verb follows a pronoun.
func (t *text) isNoun(i int) bool {
	if t.InName(i) {
		return true
	}
	w := t.word(i)
	if words.Stop(w) || english.QuestionWords.Has(w) || english.Measures.Has(w) || t.Tokens[i].Is(words.IsSpeech) {
		return false
	}
	before := t.word(i - 1)
	verb := i > 0 && (english.PersonPronouns.Has(before) || english.PeoplePronouns.Has(before) || english.ThingPronouns.Has(before) ||
		before == "there" || english.QuestionWords.Has(before) || before == "to")
	return !verb
}

// determines reports whether a "that" or "this" stands before its noun or begins
// a clause, so that it is no pronoun.
func (t *text) determines(i int) bool {
	w := t.word(i)
	if w == "it" || w == "its" {
		return false
	}
	next := t.word(i + 1)
	return next != "" && !english.AskAuxiliaries.Has(next) && !words.Stop(next) && !t.Tokens[i+1].Is(words.IsSpeech) && next != "happen" && next != "true"
}

// existential reports whether "there" only says that something is.
func (t *text) existential(i int) bool {
	for _, w := range []string{t.word(i - 1), t.word(i + 1)} {
		if english.AskAuxiliaries.Has(w) {
			return true
		}
	}
	return false
}

// depends reports whether a question cannot be understood by itself.
func (t *text) depends() bool {
	if part, _ := t.part(); part != "" || len(t.open()) > 0 {
		return true
	}
	for i := range t.Tokens {
		w := t.word(i)
		if i == len(t.Tokens)-1 && english.MoreOfTheSame.Has(w) && len(t.Tokens) <= 4 {
			return true
		}
		if !words.Stop(w) && !english.QuestionWords.Has(w) && !english.Measures.Has(w) {
			return false
		}
	}
	return len(t.Tokens) > 0 // "why?", "how many?", "and when?"
}

// unnamedPerson returns a pronoun of one person that nothing in the question
// explains, or "".
func (t *text) unnamedPerson() string {
	for _, i := range t.open() {
		if w := t.word(i); english.PersonPronouns.Has(w) {
			return w
		}
	}
	return ""
}

// possessive is name as pronoun i of q stands for it.
func possessive(q *text, i int, name string) string {
	next := q.word(i + 1)
	own := q.word(i) == "his" || q.word(i) == "their" || q.word(i) == "her" && next != "" && !words.Stop(next)
	switch {
	case name == "" || !own:
		return name
	case strings.HasSuffix(name, "s"):
		return name + "'"
	}
	return name + "'s"
}

// maxSaid is how much of an earlier answer is read for names, in bytes.
const maxSaid = 600

// person returns the person that the last question or its answer names, the
// fuller name first, or "". Outlets and agencies are none.
func person(last *text, said string) string {
	if len(said) > maxSaid {
		said = strings.ToValidUTF8(said[:maxSaid], "")
	}
	single := ""
	for _, t := range []*text{last, read(said)} {
		for _, n := range t.Names {
			if n.Kind&facts.KindPerson == 0 {
				continue
			}
			if n.To-n.From > 1 {
				return t.Span(n.From, n.To)
			}
			if single == "" {
				single = t.Span(n.From, n.To)
			}
		}
	}
	return single
}

// maxPeople is the most words before the plural that names a people.
const maxPeople = 3

// people returns the plural that the last question asks about, "Afghan soldiers"
// of "How many Afghan soldiers fled?", else the only organisation that it names.
func people(last *text) string {
	from := 0
	for from < len(last.Tokens) && (english.QuestionWords.Has(last.word(from)) || english.Measures.Has(last.word(from)) || english.AskAuxiliaries.Has(last.word(from))) {
		from++
	}
	for i := from; i < len(last.Tokens) && i < from+maxPeople; i++ {
		w := last.Tokens[i]
		if strings.HasSuffix(w.Text, "s") && !words.Stop(w.Text) && w.Text != w.Base && !last.InName(i) {
			return last.Span(from, i+1)
		}
		if words.Stop(w.Text) && w.Text != "the" {
			break
		}
	}
	return only(last, facts.KindOrganisation)
}

// place returns the only place that the last question names, or "".
func place(last *text) string { return only(last, facts.KindPlace) }

// only returns the name of a kind that a text has one of, or "".
func only(t *text, kind facts.Kind) string {
	found := ""
	for _, n := range t.names {
		if n.Kind&kind == 0 {
			continue
		}
		if found != "" {
			return ""
		}
		found = t.Span(n.From, n.To)
	}
	return found
}
