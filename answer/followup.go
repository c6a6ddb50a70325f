package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verbatim/answer/draft"
	"verbatim/answer/guard"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

var (
	months   = english.Months.Pattern()
	weekdays = english.Weekdays.Pattern()

	whatAbout   = regexp.MustCompile(`(?i)^(?:and |but |so )?` + english.FollowUps.Pattern() + `\s+`)
	reference   = regexp.MustCompile(`(?i)\b(?:that|this|it|so)\b`)
	leadingWh   = regexp.MustCompile(`(?i)^(?:how ` + english.Measures.Pattern() + `|` + english.QuestionWords.Pattern() + `)\b\s*`)
	leadingAux  = regexp.MustCompile(`(?i)^` + english.AskAuxiliaries.Pattern() + `\b\s*`)
	relativeDay = regexp.MustCompile(`(?i)^(?:on |in )?(?:the )?(day|week|month|year) (before|after|earlier|later)$`)
	timePhrase  = regexp.MustCompile(`(?i)\b(?:on|in|by|since|until|during|before|after)?\s*(?:(?:last|this|next)\s+(?:night|week|month|year|` + weekdays + `)` +
		`|yesterday|today|tomorrow|` + weekdays +
		`|(?:early |late |mid-)?` + months + `(?:\s+\d{1,2}(?:st|nd|rd|th)?)?(?:,?\s+\d{4})?` +
		`|\d{1,2}(?:st|nd|rd|th)?\s+` + months + `(?:\s+\d{4})?|(?:19|20)\d\d)\b`)
	speakerPhrase = regexp.MustCompile(`(?i)\b(?:according to|by|from)\s+(?:the\s+)?[\p{Lu}][\p{L}'’.-]*(?:\s+[\p{Lu}][\p{L}'’.-]*)*`)
	dayMonth      = regexp.MustCompile(`(?i)\b(` + months + `)\s+(\d{1,2})(?:st|nd|rd|th)?(,?\s+\d{4})?|` +
		`\b(\d{1,2})(?:st|nd|rd|th)?\s+(` + months + `)(\s+\d{4})?`)
)

// maxFollowUp is the most words of a question without a subject of its own
// that is taken for a follow-up.
const maxFollowUp = 12

// RewriteRules turns a follow-up question into one that stands alone by
// carrying over what the last turns were about; ok is false, and the question
// unchanged, where it stands alone already or nothing is there to carry. At
// most the last four turns are looked at. It recognises
//
//   - "what about Kunduz?", "and the day before?", "according to Reuters?":
//     the last question with that place, time or speaker in it;
//   - "who said that?", "why?", "when was this?": the question word over what
//     the last question was about;
//   - pronouns and "there" with nothing before them that they could mean: the
//     last person, people, thing or place named.
func RewriteRules(question string, history []Turn) (rewritten string, ok bool) {
	question = oneLine(question)
	history = draft.Recent(history)
	if len(history) == 0 || question == "" {
		return question, false
	}
	// Earlier follow-ups are resolved first, so that "and in Balkh?" after
	// "what about Kunduz?" still has the whole question to stand on.
	last := oneLine(history[0].Question)
	for i := 1; i < len(history); i++ {
		next := oneLine(history[i].Question)
		if r, ok := rewriteOne(next, last, history[i-1].Answer); ok {
			next = r
		}
		last = next
	}
	if r, ok := rewriteOne(question, last, history[len(history)-1].Answer); ok && utf8.RuneCountInString(r) <= MaxQuestion {
		return r, true
	}
	return question, false
}

// rewriteOne rewrites question after the question last and its answer.
func rewriteOne(question, last, answer string) (string, bool) {
	bare := strings.TrimRight(question, "?.! ")
	last = strings.TrimRight(last, "?.! ")
	if last == "" || bare == "" {
		return question, false
	}
	if r, ok := rewriteFragment(bare, last); ok {
		return r + "?", true
	}
	if r, ok := rewritePronouns(bare, last, answer, false); ok {
		return r + "?", true
	}
	if r, ok := rewriteReference(bare, last); ok {
		return r + "?", true
	}
	if r, ok := rewritePronouns(bare, last, answer, true); ok {
		return r + "?", true
	}
	return question, false
}

// rewriteFragment handles a question that only names what is different.
func rewriteFragment(bare, last string) (string, bool) {
	lead := whatAbout.FindString(bare)
	part := strings.TrimSpace(bare[len(lead):])
	lower := strings.ToLower(part)
	toSpeaker := strings.HasPrefix(strings.ToLower(bare), "according to ") || strings.Contains(strings.ToLower(lead), "according to")
	if part == "" || !toSpeaker && (lead == "" || leadingWh.MatchString(part) || leadingAux.MatchString(part) || countWords(part) > 6) {
		return "", false
	}
	if toSpeaker {
		part = strings.TrimSpace(strings.TrimPrefix(part, part[:len(part)-len(strings.TrimPrefix(lower, "according to "))]))
		return cutOut(last, speakerPhrase) + " according to " + part, true
	}
	if m := relativeDay.FindStringSubmatch(part); m != nil {
		return shiftDay(last, part, m[1], m[2]), true
	}
	if timePhrase.FindString(part) == part || strings.HasPrefix(lower, "last ") || strings.HasPrefix(lower, "the day") {
		return cutOut(last, timePhrase) + " " + withPreposition(part), true
	}
	if name, at := lastName(last); name != "" {
		return last[:at] + part + last[at+len(name):], true
	}
	return last + ": " + part, true
}

// withPreposition puts "on" or "in" before a day, month or year.
func withPreposition(part string) string {
	first, _, _ := strings.Cut(strings.ToLower(part), " ")
	switch {
	case english.Weekdays.Has(first):
		return "on " + part
	case english.Months.Has(first) && strings.ContainsAny(part, "0123456789"):
		return "on " + part
	case english.Months.Has(first) || len(first) == 4 && first[0] >= '1' && first[0] <= '2':
		return "in " + part
	}
	return part
}

// cutOut returns text without the last match of what.
func cutOut(text string, what *regexp.Regexp) string {
	all := what.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return text
	}
	at := all[len(all)-1]
	return strings.TrimSpace(oneLine(text[:at[0]] + " " + text[at[1]:]))
}

// shiftDay moves the day that last names by one; where it names none, the
// phrase itself is carried.
func shiftDay(last, part, unit, way string) string {
	back := way == "before" || way == "earlier"
	m := dayMonth.FindStringSubmatchIndex(last)
	if strings.ToLower(unit) != "day" || m == nil {
		return cutOut(last, timePhrase) + " " + part
	}
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return last[m[2*i]:m[2*i+1]]
	}
	month, day, year := group(1)+group(5), group(2)+group(4), strings.Trim(group(3)+group(6), ", ")
	n, err := strconv.Atoi(day)
	mo, _ := english.Months.Get(strings.ToLower(month))
	y, yearErr := strconv.Atoi(year)
	if err != nil || mo == 0 {
		return cutOut(last, timePhrase) + " " + part
	}
	if yearErr != nil {
		y = 2001 // any year without a leap day
	}
	t := time.Date(y, time.Month(mo), n, 0, 0, 0, 0, time.UTC)
	if back {
		t = t.AddDate(0, 0, -1)
	} else {
		t = t.AddDate(0, 0, 1)
	}
	layout := "January 2"
	if yearErr == nil {
		layout = "January 2, 2006"
	}
	return last[:m[0]] + t.Format(layout) + last[m[1]:]
}

// rewriteReference handles a question word over what the last question was
// about: "who said that", "why", "when did that happen".
func rewriteReference(bare, last string) (string, bool) {
	lower := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(bare), "and "), "but ")))
	n := countWords(lower)
	wh := leadingWh.FindString(lower)
	if wh == "" || n > 6 || hasName(bare) {
		return "", false
	}
	core := statement(last)
	if core == "" {
		return "", false
	}
	if n == countWords(wh) { // "why", "how many"
		return capitalise(strings.TrimSpace(wh)) + ", " + core, true
	}
	loc := reference.FindAllStringIndex(lower, -1)
	if len(loc) == 0 || n > 5 {
		return "", false
	}
	at := loc[len(loc)-1]
	if strings.TrimSpace(lower[at[1]:]) == "" {
		return capitalise(strings.TrimSpace(lower[:at[0]])) + " that " + core, true
	}
	return capitalise(lower) + ", " + core, true
}

// statement returns what a question is about: without its question word, and
// without the auxiliary that inverts it.
func statement(question string) string {
	rest := leadingWh.ReplaceAllString(question, "")
	rest = leadingAux.ReplaceAllString(rest, "")
	return strings.TrimSpace(rest)
}

// rewritePronouns puts what the last turn was about in the place of the
// pronouns of a question that has nothing of its own for them to mean. Words
// for things ("it", "these") only where things is true: they may as well mean
// what was said.
func rewritePronouns(bare, last, answer string, things bool) (string, bool) {
	if countWords(bare) > maxFollowUp {
		return "", false
	}
	type swap struct {
		from, to int
		with     string
	}
	var swaps []swap
	named := false
	for t := range words.Tokens(bare) {
		if r, _ := utf8.DecodeRuneInString(bare[t.Start:]); unicode.IsUpper(r) && t.Start > 0 && t.Text != "i" {
			named = true
		}
		if named || !things && isThing(t.Text) {
			continue
		}
		if with := antecedent(t.Text, bare[t.End:], last, answer); with != "" {
			swaps = append(swaps, swap{t.Start, t.End, with})
		}
	}
	if len(swaps) == 0 {
		return "", false
	}
	slices.Reverse(swaps)
	for _, s := range swaps {
		bare = bare[:s.from] + s.with + bare[s.to:]
	}
	bare = strings.TrimSpace(regexpAnd.ReplaceAllString(bare, ""))
	return capitalise(bare), true
}

var regexpAnd = regexp.MustCompile(`(?i)^(?:and|but|so)\s+`)

func isThing(pronoun string) bool {
	switch pronoun {
	case "it", "its", "these", "those":
		return true
	}
	return false
}

// antecedent returns what a pronoun of a follow-up stands for, or "".
func antecedent(pronoun, rest, last, answer string) string {
	possessive := func(s string) string {
		switch {
		case s == "":
			return ""
		case strings.HasSuffix(s, "s"):
			return s + "'"
		}
		return s + "'s"
	}
	person := func() string { return personIn(last, answer) }
	switch pronoun {
	case "he", "him", "she":
		return person()
	case "his":
		return possessive(person())
	case "her":
		if strings.TrimSpace(rest) == "" {
			return person()
		}
		return possessive(person())
	case "they", "them", "these", "those":
		return peopleIn(last)
	case "their":
		return possessive(peopleIn(last))
	case "it":
		return thingIn(last)
	case "its":
		return possessive(thingIn(last))
	case "there":
		if n, _ := lastName(last); n != "" {
			return "in " + n
		}
	}
	return ""
}

// names returns the names of text with where each begins.
func names(text string) (found []string, at []int) {
	for _, r := range guard.Names(text) {
		found, at = append(found, text[r.Start:r.End]), append(at, r.Start)
	}
	return found, at
}

func hasName(text string) bool {
	found, _ := names(text)
	return len(found) > 0
}

// lastName returns the last name of text and where it begins.
func lastName(text string) (string, int) {
	found, at := names(text)
	if len(found) == 0 {
		return "", 0
	}
	return found[len(found)-1], at[len(at)-1]
}

// personIn returns the first name of several words in the texts, which is a
// person's rather than a place's, else the first name of one.
func personIn(texts ...string) string {
	single := ""
	for _, text := range texts {
		found, _ := names(clip(oneLine(text), maxAnswerBytes))
		for _, n := range found {
			if strings.Contains(n, " ") {
				return n
			}
			if single == "" {
				single = n
			}
		}
	}
	return single
}

// peopleIn returns what a question asks about in the plural: the words after
// its question word up to the verb, else its last name.
func peopleIn(question string) string {
	rest := strings.Fields(statement(question))
	for i, w := range rest {
		if i > 0 && i <= 4 && strings.HasSuffix(w, "s") && !words.Stop(strings.ToLower(w)) {
			return strings.Join(rest[:i+1], " ")
		}
		if i == 4 {
			break
		}
	}
	return thingIn(question)
}

func thingIn(question string) string {
	name, _ := lastName(question)
	return name
}

func countWords(text string) int { return len(strings.Fields(text)) }

func capitalise(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}

// maxAnswerBytes is how much of an earlier answer is read for names.
const maxAnswerBytes = 600

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
}

// clip returns at most n bytes of text, whole characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}
