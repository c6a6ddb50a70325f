package segment

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// maxFurniture is the greatest length in bytes of a line that the rules look
// at; notices are hardly longer.
const maxFurniture = 900

// fits reports whether the rule says what l is.
func (r *rule) fits(l *line) bool {
	return l.words <= r.words && !(r.open && l.period()) && (len(r.starts) == 0 || startsWith(l.lower, r.starts)) &&
		containsAny(l.lower, r.holds) && containsAny(l.lower, r.and)
}

// startsWith reports whether text begins with one of the given words, behind
// an opening mark or a bullet.
func startsWith(text string, starts []string) bool {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return !isWord(r) && r != '(' && r != '©' })
	for _, s := range starts {
		if strings.HasPrefix(text, s) {
			next, _ := utf8.DecodeRuneInString(text[len(s):])
			last, _ := utf8.DecodeLastRuneInString(s)
			if !isWord(last) || !isWord(next) || len(s) == len(text) {
				return true
			}
		}
	}
	return false
}

// containsAny reports whether text holds one of parts, or nothing is asked.
func containsAny(text string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return len(parts) == 0
}

// markLines says of each line by itself what it is.
func (p *page) markLines() {
	rules := lineRules()
	turns := 0
	for i := range p.lines {
		if _, capital := speaker(p.lines[i].text); capital {
			turns++
		}
	}
	for i := range p.lines {
		l := &p.lines[i]
		if l.known || l.lower == "" {
			continue
		}
		if _, capital := speaker(l.text); capital && turns > 2 {
			continue // a turn of a transcript
		}
		l.reason = p.reasonOf(l, rules)
	}
}

func (p *page) reasonOf(l *line, rules []rule) corpus.Reason {
	switch {
	case !strings.ContainsFunc(l.text, isWord):
		return corpus.ReasonOther
	case readingTime(l):
		return corpus.ReasonReadingTime
	case commentCount(l):
		return corpus.ReasonComments
	case signature(l), contact(l):
		return corpus.ReasonCredit
	}
	for i := range rules {
		if rules[i].fits(l) {
			return rules[i].reason
		}
	}
	switch {
	case link(l), glued(l), capsLabel(l), quotedLabel(l), headlineLabel(l), address(l):
		return corpus.ReasonTeaser
	case shareLine(l), videoTitle(l):
		return corpus.ReasonOther
	case p.in.Repeats.Seen(l.text):
		return corpus.ReasonRepeated
	}
	return ""
}

// pitch reports whether a line that many articles share speaks to the reader:
// what does not may be a paragraph that an outlet uses again, or a list.
func pitch(l *line) bool {
	if !l.ended && !strings.Contains(l.text, ", ") && l.words <= 20 {
		return true
	}
	if label, _, ok := strings.Cut(l.text, ": "); ok && l.words <= 20 && label == strings.ToUpper(label) {
		return true
	}
	return slices.ContainsFunc(fields(l), english.PitchWords.Has) && l.words <= 60 && !strings.Contains(l.text, "“")
}

// fields splits a line in lower case into its words without punctuation.
func fields(l *line) []string {
	return strings.FieldsFunc(l.lower, func(r rune) bool { return !isWord(r) })
}

// readingTime reports whether l tells how long the article takes: "3 min
// read", "·1-min read".
func readingTime(l *line) bool {
	if l.words > 7 || l.ended {
		return false
	}
	f := fields(l)
	if len(f) > 1 && (f[0] == "reading" || f[0] == "read") && f[1] == "time" {
		return true
	}
	number, unit, verb := false, false, false
	for _, w := range f {
		switch w {
		case "min", "mins", "minute", "minutes", "sec", "secs":
			unit = true
		case "read", "watch", "listen", "reading":
			verb = true
		case "to", "of", "estimated", "time", "about", "less", "than", "a":
		default:
			if !unicode.IsDigit(rune(w[0])) {
				return false
			}
			number = true
		}
	}
	return (number || len(f) > 3) && unit && verb
}

// commentCount reports whether l counts comments: "12 comments", "Comments (3)".
func commentCount(l *line) bool {
	if l.words > 3 {
		return false
	}
	f := fields(l)
	if len(f) == 0 || len(f) > 2 {
		return false
	}
	comments, other := 0, 0
	for _, w := range f {
		if w == "comments" || w == "comment" {
			comments++
		} else if w != "no" && !unicode.IsDigit(rune(w[0])) {
			other++
		}
	}
	return comments == 1 && other == 0 && (len(f) == 2 || l.lower == "comments")
}

// signature reports whether l is a name behind a dash: "– David Jackson".
func signature(l *line) bool {
	text := strings.TrimLeft(l.text, "\u200b\ufeff ")
	first, size := utf8.DecodeRuneInString(text)
	if !dash(first) || l.ended || l.words > 8 {
		return false
	}
	name := strings.TrimLeft(text[size:], "-–—− ")
	last, _ := utf8.DecodeLastRuneInString(name)
	return !dash(last) && nameLike(name, 7)
}

// contact reports whether l is little but a way to write to somebody: a short
// line with an e-mail address.
func contact(l *line) bool {
	at := strings.IndexByte(l.text, '@')
	if l.words > 15 || at < 1 || !isWord(rune(l.text[at-1])) || strings.ContainsAny(l.text, "\"“”") {
		return false
	}
	domain, _, _ := strings.Cut(l.text[at+1:], " ")
	dot := strings.IndexByte(domain, '.')
	return dot > 1 && dot+2 < len(domain)
}

// videoTitle reports whether l is the title of a video or a page with the
// parts that its channel puts there: "Max's Song | Stranger Things | Netflix".
func videoTitle(l *line) bool {
	return !l.ended && l.words > 6 && l.words <= 25 && strings.Count(l.text, " | ") > 1
}

// nameLike reports whether text is of two to max capitalised words without
// figures, as names are.
func nameLike(text string, max int) bool {
	f := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
	if len(f) < 2 || len(f) > max {
		return false
	}
	for _, w := range f {
		first, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(first) && w != "and" && w != "de" && w != "van" && w != "von" || strings.ContainsAny(w, "0123456789:;!?()\"") {
			return false
		}
	}
	return true
}

// shareLine reports whether l is of nothing but the names of services and
// words for sharing.
func shareLine(l *line) bool {
	if l.words > 12 || l.ended {
		return false
	}
	services := 0
	for _, w := range fields(l) {
		switch {
		case english.ShareServices.Has(w):
			services++
		case !english.ShareWords.Has(w):
			return false
		}
	}
	return services > 0
}

// period reports whether l ends with the full stop of a sentence.
func (l *line) period() bool {
	return l.ended && strings.HasSuffix(strings.TrimRight(l.text, "\"'”’)"), ".")
}

// link reports whether l is a link to another story: a label with a headline
// right behind its colon, without the space that a sentence has there. The
// space is lost where a page sets the label in a style of its own.
func link(l *line) bool {
	if l.words > 45 {
		return false
	}
	for i := strings.IndexByte(l.text, ':'); i > 0 && i < len(l.text)-1; {
		label, head := l.text[:i], l.text[i+1:]
		if len(label) < 3 || len(label) > 90 || len(strings.Fields(head)) < 2 || correction(label) {
			return false
		}
		first, _ := utf8.DecodeRuneInString(head)
		before, _ := utf8.DecodeLastRuneInString(label)
		upper := unicode.IsUpper(first) || strings.ContainsRune("'\"‘“", first) || unicode.IsDigit(first) && !unicode.IsDigit(before)
		if upper && (isWord(before) || strings.ContainsRune("'\"’”?!)", before)) {
			return true
		}
		next := strings.IndexByte(head, ':')
		if next < 0 || strings.ContainsAny(label, ".!") {
			return false
		}
		i += 1 + next
	}
	// A question as the label: "New target?Faculty say it is rubbish".
	i := strings.IndexByte(l.text, '?')
	if i < 3 || i > 90 || i+1 >= len(l.text) || l.period() {
		return false
	}
	first, _ := utf8.DecodeRuneInString(l.text[i+1:])
	return unicode.IsUpper(first) && len(strings.Fields(l.text[i+1:])) > 2
}

// glued reports whether l is a link whose label lost even its colon: "Covid
// vaccinesShots for babies are on the way". Only a word that begins in lower
// case shows it: others may be names ("YouTube").
func glued(l *line) bool {
	if l.words > 40 || !l.apart {
		return false
	}
	for n, word := range strings.Fields(l.text) {
		if n == 10 || strings.HasSuffix(word, ":") {
			break
		}
		at := strings.IndexFunc(word, unicode.IsUpper)
		if at >= 4 && len(word)-at >= 3 && lowerLetters(word[:at]) && lowerLetters(word[at+1:]) && n+3 < l.words {
			return true
		}
	}
	return false
}

func lowerLetters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLower(r) })
}

// correction reports whether label stands before a correction of the article
// itself, which is a part of it.
func correction(label string) bool {
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "correction", "corrections", "clarification", "corrections & clarifications", "corrections and clarifications", "update":
		return true
	}
	return false
}

// headlineLabel reports whether l is a headline behind another one or behind
// a question: "The state fair starts: Here's what to know about tickets",
// "Flight canceled? What airlines owe travelers". It holds for lines that
// blank lines set apart and that do not end as sentences do.
func headlineLabel(l *line) bool {
	first, _ := utf8.DecodeRuneInString(l.text)
	if l.ended || l.words > 30 || !l.apart || !isWord(first) {
		return false
	}
	if label, head, ok := strings.Cut(l.text, "? "); ok && len(strings.Fields(head)) >= 4 && !strings.HasSuffix(l.text, ":") && !strings.ContainsAny(label, ":“\"") && len(words.Sentences(label)) == 1 {
		return true
	}
	label, head, ok := strings.Cut(l.text, ": ")
	if !ok || strings.Contains(head, "(Image") || len(strings.Fields(label)) < 2 || nameLike(label, 4) || len(strings.Fields(head)) < 5 || strings.ContainsAny(label, "0123456789") && len(strings.Fields(label)) < 4 {
		return false
	}
	word, _, _ := strings.Cut(head, " ")
	switch word {
	case "How", "What", "Why", "Who", "When", "Where", "Which", "Here's", "Here’s", "Here", "Inside", "Meet", "See", "Everything", "Ranking", "Comparing", "From", "Is", "Are", "Can", "Will", "Does", "Do", "Get", "Watch", "Best", "Top":
		return true
	}
	return false
}

// capsLabel reports whether l is a headline behind a label in capitals:
// "GALLERY: Ten photos of frost on the hill".
func capsLabel(l *line) bool {
	label, head, ok := strings.Cut(l.text, ": ")
	if !ok || l.period() || l.words > 30 || len(strings.Fields(label)) > 8 || len(strings.Fields(head)) < 5 || correction(label) {
		return false
	}
	letters, lower := 0, 0
	for _, r := range label {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	for _, w := range strings.Fields(head) {
		if unicode.IsLower([]rune(w)[0]) {
			lower++
		}
	}
	if lower*4 < len(strings.Fields(head)) || strings.ContainsRune("\"“", []rune(head)[0]) {
		return false
	}
	return letters >= 4 && !english.FactLabels.Has(strings.ToLower(strings.Trim(label, " •*-–")))
}

// quotedLabel reports whether l is a headline that begins with a quotation as
// its label: "'Donald Duck': Christie calls out Trump for absence".
func quotedLabel(l *line) bool {
	first, _ := utf8.DecodeRuneInString(l.text)
	if l.ended || l.words > 30 || !strings.ContainsRune("'\"‘“", first) {
		return false
	}
	for _, end := range []string{"': ", "\": ", "’: ", "”: "} {
		if i := strings.Index(l.text, end); i > 0 {
			return len(strings.Fields(l.text[i+len(end):])) >= 4
		}
	}
	return false
}

// address reports whether l sends the reader to a page with more stories:
// "More AP golf: https://...".
func address(l *line) bool {
	if !startsWith(l.lower, []string{"ap", "more", "read", "see", "full", "watch", "follow"}) {
		return false
	}
	i := strings.Index(l.text, "http")
	return i >= 0 && l.words <= 10 && len(strings.Fields(l.text[:i])) <= 6 && strings.Contains(l.text[i:], "://") &&
		(i == 0 || strings.HasSuffix(strings.TrimSpace(l.text[:i]), ":"))
}
