package query

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// Kind says what a question asks for.
type Kind string

// The kinds. KindWhat is every question that is none of the others, also a
// bare list of words.
const (
	KindWho     Kind = "who"
	KindWhen    Kind = "when"
	KindWhere   Kind = "where"
	KindHowMany Kind = "how many"
	KindWhy     Kind = "why"
	KindSaid    Kind = "said"
	KindYesNo   Kind = "yes/no"
	KindCompare Kind = "compare"
	KindWhich   Kind = "which"
	KindHow     Kind = "how"
	KindWhat    Kind = "what"
)

// Question is a question as the engine understands it. It is parsed once.
type Question struct {
	Text string
	Kind Kind
	AsOf corpus.Date
	// Assumed says that AsOf is a default that nobody gave.
	Assumed bool
	Now     bool // asks about the days around AsOf ("this week", "recently")
	// Latest is true if it asks how things stand now ("currently"), so that
	// the newest answer is the best.
	Latest bool
	Terms  []Term // distinct, without stop words, in order

	// Type holds the words that name what is asked for, as "decorated gymnast"
	// in "Which decorated gymnast won?"; folded.
	Type []string
	// Names are the names of the question, each a list of folded tokens.
	Names [][]string
	// Phrases are what stands in quotation marks, each a list of stems.
	Phrases [][]string
	// Figures are the figures of the question, folded.
	Figures []string
	// Cited names who the question wants it from ("according to CNN"), folded.
	Cited string
	// Speaker holds the stems that name whose words are asked for, as "nato
	// secretari general" in "What did the NATO Secretary General say?".
	Speaker []string
	// Counted is the stem of what "how many" counts, or "".
	Counted string
	// Negated is true if the question asks for what is not so.
	Negated bool

	// Variants are other spellings of the terms (see AddVariants).
	Variants []Variant

	all   map[string]bool // every folded token and stem
	index map[string]int  // of Terms, by stem
}

// maxTerms bounds the terms of a question that are searched for.
const maxTerms = 64

// term returns the index in Terms of the one with the stem, or -1.
func (q *Question) term(stem string) int {
	if i, ok := q.index[stem]; ok {
		return i
	}
	return -1
}

// Term is a word of a question.
type Term struct {
	Text string // folded
	Stem string
	Name bool // part of a name
}

// Has reports whether the question holds the folded token or stem.
func (q *Question) Has(token string) bool { return q.all[token] }

// Day returns the day that articles are the better the nearer they are to: AsOf
// if it was given or the question refers to it, else "".
func (q *Question) Day() corpus.Date {
	if q.Assumed && !q.Now && !q.Latest {
		return ""
	}
	return q.AsOf
}

// Parse reads a question. asOf is what "now" means in it.
func Parse(text string, asOf corpus.Date) *Question {
	q := &Question{Text: text, AsOf: asOf, all: make(map[string]bool), index: make(map[string]int)}
	v := words.NewVocabulary(nil).View(text)
	toks := v.Tokens
	sentences := sentenceOf(text, toks)
	ask := asking(toks, sentences)
	q.Kind, q.Type = kindOf(ask)
	if q.Kind == KindSaid {
		q.Speaker = speakerOf(ask)
	}
	if n := len(q.Type); n > 0 && len(ask) > 1 && ask[0].Text == "how" && ask[1].Text == "many" {
		q.Counted = words.Stem(q.Type[n-1])
	}
	q.Names = namesOf(text, toks)
	q.Phrases = phrasesOf(text)
	named := make(map[string]bool)
	for _, n := range q.Names {
		for _, t := range n {
			named[t] = true
		}
	}
	for _, t := range toks {
		q.all[t.Text], q.all[t.Stem] = true, true
		if t.Is(words.IsFigure) {
			q.Figures = append(q.Figures, t.Text)
		}
		if t.Is(words.IsStop) || q.term(t.Stem) >= 0 || english.AskFillers.Has(t.Text) || len(q.Terms) == maxTerms {
			continue
		}
		q.index[t.Stem] = len(q.Terms)
		q.Terms = append(q.Terms, Term{Text: t.Text, Stem: t.Stem, Name: named[t.Text]})
	}
	if hasAny(toks, "how") && !slices.ContainsFunc(q.Terms, func(t Term) bool { return !english.Measures.Has(t.Text) }) {
		q.Terms, q.index = nil, make(map[string]int) // "how many" alone asks for nothing
	}
	q.Now = asksNow(toks)
	q.Latest = hasIn(toks, english.AskLatest)
	q.Cited = cited(toks)
	q.Negated = slices.ContainsFunc(toks, func(t words.Token) bool {
		return t.Text == "not" || t.Text == "never" || t.Text == "except" || strings.HasSuffix(t.Text, "n't")
	})
	return q
}

// sentenceOf gives each token the number of the sentence that it stands in.
func sentenceOf(text string, toks []words.Token) []int {
	out := make([]int, len(toks))
	n := 0
	for i, t := range toks {
		if i > 0 && strings.ContainsAny(text[toks[i-1].End:t.Start], "?!.:;") {
			n++
		}
		out[i] = n
	}
	return out
}

// asking returns the tokens from the question word on: that of the last
// sentence that has one, as quiz questions tell a story first.
func asking(toks []words.Token, sentence []int) []words.Token {
	best := -1
	for i, t := range toks {
		if t.Is(words.IsQuestion) && (best < 0 || sentence[i] != sentence[best]) {
			if (t.Text == "when" || t.Text == "which" || t.Text == "who") && i > 0 && sentence[i-1] == sentence[i] && best >= 0 {
				continue
			}
			best = i
		}
	}
	if best < 0 {
		return toks
	}
	return toks[best:]
}

func kindOf(ask []words.Token) (Kind, []string) {
	if len(ask) == 0 {
		return KindWhat, nil
	}
	first, second := ask[0].Text, ""
	if len(ask) > 1 {
		second = ask[1].Text
	}
	switch first {
	case "who", "whom", "whose":
		return KindWho, nil
	case "when":
		return KindWhen, nil
	case "where":
		return KindWhere, nil
	case "why":
		return KindWhy, nil
	case "how":
		if i := slices.IndexFunc(ask, func(t words.Token) bool { return t.Text == "number" }); i >= 0 && i+2 < len(ask) {
			return KindHowMany, typeWords(ask[i+1:])
		}
		if english.Measures.Has(second) {
			return KindHowMany, typeWords(ask[2:])
		}
		if hasIn(ask, english.Outlets) && hasIn(ask, english.CompareVerbs) {
			return KindCompare, nil
		}
		return KindHow, nil
	case "what", "which":
		return kindOfWhat(ask)
	case "compare":
		return KindCompare, nil
	}
	if first == "true" || english.AskAuxiliaries.Has(first) {
		return KindYesNo, nil
	}
	return KindWhat, nil
}

// kindOfWhat tells "what did X say" and "which year" from a plain "which".
func kindOfWhat(ask []words.Token) (Kind, []string) {
	if len(ask) > 1 {
		if english.CauseVerbs.Has(ask[1].Text) {
			return KindWhy, nil
		}
		if english.EventVerbs.Has(ask[1].Text) {
			return KindWhat, nil
		}
	}
	typ := typeWords(ask[1:])
	if n := len(typ); n > 0 && personNouns()[words.Stem(typ[n-1])] {
		return KindWho, typ
	}
	// The last noun that tells is most often the head: "Which country president", "which state's governor".
	for _, t := range slices.Backward(typ) {
		if kind := kindsOfNouns()[words.Stem(t)]; kind != "" {
			return kind, typ
		}
	}
	if n := len(typ); n > 1 && typ[n-1] == "figure" && (typ[n-2] == "public" || typ[n-2] == "political") {
		return KindWho, typ
	}
	if len(ask) > 1 {
		switch ask[1].Text {
		case "did", "do", "does", "have", "has", "had":
			for _, t := range ask[2:] {
				if t.Is(words.IsSpeech) {
					return KindSaid, nil
				}
			}
		}
	}
	if len(typ) > 0 || ask[0].Text == "which" {
		return KindWhich, typ
	}
	return KindWhat, nil
}

// kindsOfNouns gives the stems of nouns the kind of a question for such a
// thing.
var kindsOfNouns = sync.OnceValue(func() map[string]Kind {
	m := make(map[string]Kind)
	for noun, kind := range english.AskedKinds.All() {
		m[words.Stem(noun)] = Kind(kind)
	}
	return m
})

// personNouns holds the stems of nouns that are persons if they come last:
// "which pop star", but not "which Star Wars film".
var personNouns = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool)
	for _, noun := range english.AskedPersons.Words() {
		m[words.Stem(noun)] = true
	}
	return m
})

// speakerOf returns the stems between "what did" and the verb of speech.
func speakerOf(ask []words.Token) []string {
	var out []string
	for _, t := range ask[2:] {
		if t.Is(words.IsSpeech) && len(out) > 0 {
			break
		}
		if !t.Is(words.IsStop) {
			out = append(out, t.Stem)
		}
	}
	return out
}

// typeWords returns the few words that name what is asked for, the head noun
// last: those before the verb, or after the copula in "what is the name of the
// ship".
func typeWords(toks []words.Token) []string {
	var out []string
	for i, t := range toks {
		if i > 0 && len(out) > 0 && (t.Is(words.IsStop) && t.Text != "of" || strings.HasSuffix(t.Text, "ly") || (english.TypeEndVerbs.Has(t.Text) || strings.HasSuffix(t.Text, "ed"))) {
			break
		}
		if t.Is(words.IsStop) {
			if english.AskSkipped.Has(t.Text) {
				continue
			}
			break
		}
		if english.TypeFillers.Has(t.Text) {
			continue
		}
		if out = append(out, t.Text); len(out) == 4 {
			break
		}
	}
	return out
}

func hasAny(toks []words.Token, any ...string) bool {
	return slices.ContainsFunc(toks, func(t words.Token) bool { return slices.Contains(any, t.Text) })
}

// hasIn reports whether one of toks is in set.
func hasIn(toks []words.Token, set english.Set) bool {
	return slices.ContainsFunc(toks, func(t words.Token) bool { return set.Has(t.Text) })
}

func asksNow(toks []words.Token) bool {
	for i, t := range toks {
		if english.AskNow.Has(t.Text) {
			return true
		}
		switch t.Text {
		case "week", "month", "weekend", "year":
			if i > 0 && (toks[i-1].Text == "this" || toks[i-1].Text == "last" || toks[i-1].Text == "past") {
				return true
			}
		}
	}
	return false
}

// cited returns the folded words after "according to", up to a stop word or
// the end of a run of four.
func cited(toks []words.Token) string {
	for i := 0; i+2 < len(toks); i++ {
		if toks[i].Text != "according" || toks[i+1].Text != "to" {
			continue
		}
		var out []string
		for _, t := range toks[i+2:] {
			if t.Text == "the" || t.Text == "a" {
				continue
			}
			if words.Stop(t.Text) || len(out) == 6 {
				break
			}
			out = append(out, t.Text)
		}
		return strings.Join(out, " ")
	}
	return ""
}

// namesOf returns the runs of capitalised words, but for one that only
// begins a sentence.
func namesOf(text string, toks []words.Token) [][]string {
	var out [][]string
	var run []string
	flush := func() {
		if len(run) > 0 {
			out = append(out, run)
			run = nil
		}
	}
	for i, t := range toks {
		gap := ""
		if i > 0 {
			gap = text[toks[i-1].End:t.Start]
		}
		begins := i == 0 || strings.ContainsAny(gap, ".?!:“\"")
		if i > 0 && strings.Trim(gap, " \u00a0-'’.s") != "" || begins {
			flush()
		}
		if !t.Cap || words.Stop(t.Text) && t.Text != "us" || begins && t.Is(words.IsQuestion) {
			flush()
			continue
		}
		run = append(run, t.Text)
	}
	flush()
	return out
}

// phrasesOf returns the stems of what stands in double quotation marks,
// if it is two words or more.
func phrasesOf(text string) [][]string {
	var out [][]string
	open := -1
	for i, r := range text {
		switch {
		case r == '“' || r == '"' && open < 0 || r == '«' || r == '„':
			open = i + utf8.RuneLen(r)
		case (r == '”' || r == '"' || r == '»') && open >= 0:
			var stems []string
			for t := range words.Tokens(text[open:i]) {
				stems = append(stems, words.Stem(t.Text))
			}
			if len(stems) > 1 {
				out = append(out, stems)
			}
			open = -1
		}
	}
	return out
}
