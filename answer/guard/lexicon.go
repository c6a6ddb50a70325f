package guard

import (
	"strings"
	"sync"

	"verbatim/retrieval/words"
)

// lexiconData is what the guard knows of English. All keys are folded tokens, or
// stems where so named.
type lexiconData struct {
	irregular   map[string]string // token to the stem of its base form
	canon       map[string]string // stem to the first stem of its group of near synonyms
	filler      map[string]bool   // tokens that carry no content of their own
	conjunction map[string]bool   // tokens that begin a clause
	negator     map[string]bool   // tokens and stems that reverse what they govern
	antonym     map[string][]string
	reporting   map[string]bool // stems of verbs that give something as a claim
	claimNoun   map[string]bool // stems of nouns for a claim
	hedge       map[string]bool // tokens that give something as possible or to come
	address     map[string]bool // tokens that speak to the reader or of the writer
	imperative  map[string]bool // verbs that begin an instruction
	common      map[string]bool // tokens that begin a sentence without being a name
	numeral     map[string]float64
	unit        map[string]string // token to its unit
	month       map[string]int
	weekday     map[string]int
	weighty     map[string][]map[string]bool // token to the lines of weighty that hold it
	aliases     []map[string]bool            // tokens that name the same country or body
}

var lexicon = sync.OnceValue(func() *lexiconData {
	l := &lexiconData{
		irregular: map[string]string{}, canon: map[string]string{}, antonym: map[string][]string{},
		filler: set(fillers), conjunction: set(conjunctions), negator: stemSet(negators),
		reporting: stemSet(reportingVerbs), claimNoun: stemSet(claimNouns), hedge: set(hedges),
		address: set(addresses), imperative: set(imperatives), common: set(commonStarts),
		numeral: numerals(), unit: map[string]string{}, month: map[string]int{}, weekday: map[string]int{},
		aliases: []map[string]bool{
			set("us usa united states america american americans"), set("uk britain british united kingdom briton britons"),
			set("un united nations"), set("eu european union"), set("uae united arab emirates emirati"),
		},
	}
	for _, line := range strings.Split(strings.TrimSpace(irregulars), "\n") {
		base, forms, _ := strings.Cut(line, ":")
		for _, f := range strings.Fields(forms) {
			l.irregular[f] = words.Stem(strings.TrimSpace(base))
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(synonyms), "\n") {
		group := strings.Fields(line)
		for _, w := range group {
			if s := l.base(w); l.canon[s] == "" {
				l.canon[s] = "=" + l.base(group[0])
			}
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(antonyms), "\n") {
		left, right, _ := strings.Cut(line, "|")
		for _, a := range strings.Fields(left) {
			for _, b := range strings.Fields(right) {
				l.antonym[l.base(a)] = append(l.antonym[l.base(a)], l.base(b))
				l.antonym[l.base(b)] = append(l.antonym[l.base(b)], l.base(a))
			}
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(units), "\n") {
		group := strings.Fields(line)
		for _, w := range group {
			l.unit[w] = group[0]
		}
	}
	l.weighty = map[string][]map[string]bool{}
	for _, line := range strings.Split(weighty, "\n") {
		group := set(line)
		for w := range group {
			l.weighty[w] = append(l.weighty[w], group)
		}
	}
	for i, names := range strings.Split(monthNames, "\n") {
		for _, m := range strings.Fields(names) {
			l.month[m] = i + 1
		}
	}
	for i, d := range strings.Fields("sunday monday tuesday wednesday thursday friday saturday") {
		l.weekday[d] = i
	}
	return l
})

// base returns the stem of the base form of a token.
func (l *lexiconData) base(token string) string {
	if b, ok := l.irregular[token]; ok {
		return b
	}
	return words.Stem(token)
}

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

func stemSet(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w], m[words.Stem(w)] = true, true
	}
	return m
}

func isReporting(stem string) bool { return lexicon().reporting[stem] }

func isPronoun(token string) bool {
	switch token {
	case "he", "she", "they", "it", "him", "her", "them", "his", "their", "its":
		return true
	}
	return false
}

// isStandIn reports whether a token often stands, with "the", for a name.
func isStandIn(token string) bool {
	switch token {
	case "bloc", "company", "country", "president", "minister", "group", "team", "city", "club", "party", "agency", "firm",
		"court", "university", "movement", "organisation", "organization", "government", "kingdom", "republic", "state",
		"capital", "airline", "bank", "singer", "actor", "actress", "director", "player", "coach", "senator", "governor", "billionaire":
		return true
	}
	return false
}

func numerals() map[string]float64 {
	m := map[string]float64{}
	for i, w := range strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen " +
		"fifteen sixteen seventeen eighteen nineteen twenty") {
		m[w] = float64(i)
	}
	for i, w := range strings.Fields("thirty forty fifty sixty seventy eighty ninety") {
		m[w] = float64(10 * (i + 3))
	}
	for i, w := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth") {
		m[w] = float64(i + 1)
	}
	return m
}
