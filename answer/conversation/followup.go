package conversation

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

var (
	months   = english.Months.Pattern()
	weekdays = english.Weekdays.Pattern()

	relativeDay = regexp.MustCompile(`(?i)^(?:on |in )?(?:the )?day (before|after|earlier|later)$`)
	timePhrase  = regexp.MustCompile(`(?i)\b(?:(?:on|in|by|since|until|during|before|after)\s+)?(?:(?:last|this|next)\s+(?:night|week|month|year|` + weekdays + `)` +
		`|yesterday|today|tomorrow|` + weekdays +
		`|(?:early |late |mid-)?` + months + `(?:\s+\d{1,2}(?:st|nd|rd|th)?)?(?:,?\s+\d{4})?` +
		`|\d{1,2}(?:st|nd|rd|th)?\s+` + months + `(?:\s+\d{4})?|(?:19|20)\d\d)\b`)
	accordingTo = regexp.MustCompile(`(?i)\s*\baccording to [\p{L}\p{N}'’.& -]{1,40}$`)
	dayMonth    = regexp.MustCompile(`(?i)\b(` + months + `)\s+(\d{1,2})(?:st|nd|rd|th)?(,?\s+\d{4})?|` +
		`\b(\d{1,2})(?:st|nd|rd|th)?\s+(` + months + `)(\s+\d{4})?`)
)

// maxPart is the most words of a follow-up that only names what is different.
const maxPart = 4

// part is what a follow-up names that is different: "Kunduz" of "what about in
// Kunduz?", with the preposition before it. It is "" if the text is no such
// follow-up.
func (t *text) part() (part, preposition string) {
	if t.lead == 0 {
		return "", ""
	}
	from := t.lead
	if p := t.word(from - 1); english.Prepositions.Has(p) && p != "about" && p != "of" {
		preposition = p
	}
	if p := t.word(from); english.Prepositions.Has(p) && len(t.Tokens) > from+1 {
		preposition, from = p, from+1
	}
	if w := t.word(from); w == "" || len(t.Tokens)-from > maxPart || english.QuestionWords.Has(w) || english.AskAuxiliaries.Has(w) {
		return "", ""
	}
	return t.bare(from), preposition
}

// toSpeaker reports whether a question only names who is to say it.
func (t *text) toSpeaker() bool {
	i := t.lead
	return t.word(i-2) == "according" || t.word(i) == "according" && t.word(i+1) == "to"
}

// otherSpeaker asks the same according to somebody else.
func otherSpeaker(q, last *text, _ string) string {
	_, who, ok := strings.Cut(strings.ToLower(q.Text), "according to ")
	at := len(q.Text) - len(who)
	if !ok || len(who) != len(strings.ToLower(q.Text[at:])) || len(strings.Fields(q.Text[:at])) > 4 || len(strings.Fields(who)) > maxPart {
		return ""
	}
	before := cutOut(last.Text, accordingTo)
	if strings.Contains(strings.ToLower(before), "according to") {
		return "" // it does not stand at the end
	}
	return before + " according to " + strings.TrimRight(q.Text[at:], "?.! ")
}

// otherDay moves the day that the last question names by one.
func otherDay(q, last *text, _ string) string {
	part, _ := q.part()
	m := relativeDay.FindStringSubmatch(part)
	at := dayMonth.FindStringSubmatchIndex(last.Text)
	if m == nil || at == nil {
		return ""
	}
	group := func(i int) string {
		if at[2*i] < 0 {
			return ""
		}
		return last.Text[at[2*i]:at[2*i+1]]
	}
	month, _ := english.Months.Get(strings.ToLower(group(1) + group(5)))
	day, err := strconv.Atoi(group(2) + group(4))
	year, yearErr := strconv.Atoi(strings.Trim(group(3)+group(6), ", "))
	if err != nil || month == 0 {
		return ""
	}
	layout := "January 2, 2006"
	if yearErr != nil {
		year, layout = 2001, "January 2" // any year without a leap day
	}
	moved := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if way := strings.ToLower(m[1]); way == "before" || way == "earlier" {
		moved = moved.AddDate(0, 0, -1)
	} else {
		moved = moved.AddDate(0, 0, 1)
	}
	return last.Text[:at[0]] + moved.Format(layout) + last.Text[at[1]:]
}

// otherTime asks the same of another day, month or year. A question that asks
// for the time itself has no other.
func otherTime(q, last *text, _ string) string {
	part, preposition := q.part()
	if part == "" || timePhrase.FindString(part) != part || last.word(0) == "when" {
		return ""
	}
	if preposition == "" {
		preposition = preparation(part)
	}
	return strings.TrimSpace(cutOut(last.Text, timePhrase) + " " + strings.TrimSpace(preposition+" "+part))
}

// preparation is the preposition that a day, a month or a year has before it.
func preparation(part string) string {
	first, _, _ := strings.Cut(strings.ToLower(part), " ")
	switch {
	case english.Weekdays.Has(first), english.Months.Has(first) && strings.ContainsAny(part, "0123456789"), first[0] >= '0' && first[0] <= '9' && strings.Contains(part, " "):
		return "on"
	case english.Months.Has(first), first[0] >= '0' && first[0] <= '9':
		return "in"
	}
	return ""
}

// cutOut returns text without the last match of what.
func cutOut(text string, what *regexp.Regexp) string {
	all := what.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return text
	}
	at := all[len(all)-1]
	return oneLine(text[:at[0]] + " " + text[at[1]:])
}

// kinds are those of a name that another name has to share to take its place.
const kinds = facts.KindPerson | facts.KindPlace | facts.KindOrganisation

// otherName asks the same of another name. It takes the place of the only name
// of its kind, or of the only name.
func otherName(q, last *text, _ string) string {
	part, preposition := q.part()
	if part == "" || !wholeName(part) {
		return ""
	}
	kind := nameKind(q, part)
	if preposition == "in" {
		kind = facts.KindPlace
	}
	var same []facts.Name
	for _, n := range last.names {
		if k := n.Kind & kinds; k == kind || k == 0 || kind == 0 {
			same = append(same, n)
		}
	}
	if len(same) > 1 && kind != 0 { // those that are surely of the kind
		var sure []facts.Name
		for _, n := range same {
			if n.Kind&kinds == kind {
				sure = append(sure, n)
			}
		}
		same = sure
	}
	if len(same) != 1 {
		return ""
	}
	return last.replaced(facts.Range{From: same[0].From, To: same[0].To}, part)
}

// wholeName reports whether every word of part is written like one of a name.
func wholeName(part string) bool {
	for _, w := range strings.Fields(part) {
		if r := []rune(w); !unicode.IsUpper(r[0]) && !english.Connectors.Has(strings.ToLower(w)) && !strings.EqualFold(w, "the") {
			return false
		}
	}
	return true
}

// nameKind is the kind of the name that part is.
func nameKind(q *text, part string) facts.Kind {
	for _, n := range q.Names {
		if strings.Contains(q.Span(n.From, n.To), strings.TrimPrefix(part, "the ")) {
			return n.Kind & kinds
		}
	}
	return 0
}

// whoSaid asks who said what the last question took for granted: "How many
// soldiers fled to X?" takes it that soldiers fled to X.
func whoSaid(q, last *text, _ string) string {
	said := q.word(0) == "who" && len(q.Tokens) == 3 && q.word(2) == "that"
	if !said || last.word(0) != "how" || last.word(1) != "many" {
		return ""
	}
	if !q.Tokens[1].Is(words.IsSpeech) {
		return ""
	}
	for i := 2; i < len(last.Tokens); i++ {
		if english.AskAuxiliaries.Has(last.word(i)) {
			return "" // "How many soldiers did they send?"
		}
	}
	return "Who " + q.word(1) + " that " + last.bare(2)
}
