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

// headZone is how many lines above the story may name who wrote it.
const headZone = 5

// markBylines marks names above the story that an outlet, an agency or an
// address stands below: "Jane Doe", "Associated Press".
func (p *page) markBylines() {
	if l := p.lines; p.in.Title != "" && len(l) > 1 && !l[0].known && l[0].reason == "" && !l[0].ended && names(l[0].text) {
		p.lines[0].reason = corpus.ReasonCredit
		if l[1].reason == "" && !l[1].known && !l[1].ended && l[1].words < 4 && len(l) > 2 && (l[2].prose() || l[2].known) {
			l[1].reason = corpus.ReasonCredit // where the writer works
		}
	}
	for i := range p.lines {
		l := &p.lines[i]
		if i >= headZone || l.prose() {
			return
		}
		if l.known && i > 0 && !p.lines[i-1].known && p.credited(l) && names(p.lines[i-1].text) {
			p.lines[i-1].reason = corpus.ReasonCredit
		}
		if l.known || l.reason != "" || l.ended || l.words > 8 || !newsroom(l) {
			continue
		}
		l.reason = corpus.ReasonCredit
		if i > 0 && !p.lines[i-1].known && names(p.lines[i-1].text) {
			p.lines[i-1].reason = corpus.ReasonCredit
		}
	}
}

// names reports whether text is a name, or two with "and".
func names(text string) bool {
	one, two, ok := strings.Cut(text, " and ")
	return nameLike(one, 5) && (!ok || nameLike(two, 4))
}

// bioLines is how many lines below the story may tell of its writer.
const bioLines = 4

// markBios marks the lines below the story that tell who wrote it, or what
// the newsroom is.
func (p *page) markBios() {
	for i := max(0, len(p.lines)-bioLines); i < len(p.lines); i++ {
		l := &p.lines[i]
		if !l.known && l.reason == "" && l.lower != "" && bio(l) {
			l.reason = corpus.ReasonCredit
		}
	}
}

// bio reports whether l tells of a writer: "Jane Doe covers schools for the
// Herald. Email her ...".
func bio(l *line) bool {
	if l.words > 80 || strings.ContainsAny(l.text, "“”\"") {
		return false
	}
	for _, verb := range []string{" is a ", " is an ", " is the ", " covers ", " has been a ", " writes ", " is "} {
		i := strings.Index(l.text, verb)
		if i <= 0 || !nameLike(l.text[:i], 5) && !strings.Contains(l.lower, "nonprofit news") {
			continue
		}
		if verb == " is " {
			return containsAny(l.lower[i:], []string{"@", "(at)", "http", "email"})
		}
		return containsAny(l.lower[i:], english.BioPhrases.All()) && strings.Count(l.text, ". ") < 5
	}
	return false
}

// credited reports whether l was marked as a credit before.
func (p *page) credited(l *line) bool {
	for _, m := range p.in.Known {
		if m.Reason == corpus.ReasonCredit && m.Start <= l.Start && l.End <= m.End {
			return true
		}
	}
	return false
}

// newsroom reports whether a short line names where its writer works.
func newsroom(l *line) bool {
	if startsWith(l.lower, english.Newsrooms.All()) || strings.HasSuffix(l.lower, ", usa today") {
		return true
	}
	if strings.Contains(l.text, "@") || strings.Contains(l.lower, ".com") || strings.Contains(l.text, " | ") {
		return l.words <= 6
	}
	if !nameLike(strings.NewReplacer("(", "", ")", "", ".", "", "The ", "").Replace(l.text), 8) {
		return false
	}
	return slices.ContainsFunc(fields(l), english.NewsroomWords.Has)
}

// maxCreditWords is the greatest number of words of a photo credit.
const maxCreditWords = 10

// markWithin marks the credits inside a line: the photographer behind a
// caption, one in brackets, and those between the captions of a gallery.
func (p *page) markWithin(l *line) {
	if len(l.text) > maxGallery || l.ended && !strings.ContainsAny(l.text, "/[(") && !strings.Contains(l.text, "Skip advert") {
		return
	}
	p.markPhrases(l)
	if at := bracketCredit(l.text); at > 0 && l.words <= 80 {
		p.add(trimStart(p.body, l.Start+at, l.End), l.End, corpus.ReasonCredit)
		return
	}
	sentences := words.Sentences(l.text)
	if at := nameCredit(l, sentences); at > 0 {
		p.add(l.Start+at, l.End, corpus.ReasonCredit)
		return
	}
	end := 0
	for _, s := range sentences {
		from := s.Start
		for {
			start, stop := photoCredit(l.text, from, s.End, end)
			if stop == 0 {
				break
			}
			p.add(l.Start+start, l.Start+stop, corpus.ReasonCredit)
			from, end = stop, stop
		}
	}
}

// maxGallery is the greatest length in bytes of the captions of a gallery.
const maxGallery = 20_000

// agencies returns the names that photo credits end with.
func agencies() []string {
	return []string{"Getty Images", "AFP", "AP", "AP Photo", "Reuters", "REUTERS", "Shutterstock", "EPA", "EPA-EFE", "Alamy",
		"Bloomberg", "NurPhoto", "Sipa", "Sipa USA", "SIPA USA", "ZUMA Press", "Zuma", "Zuma Press", "Redux", "USA TODAY", "USA TODAY Sports",
		"USA Today Network", "USA TODAY NETWORK", "CNN", "Pool", "POOL", "Anadolu Agency", "Anadolu", "Xinhua", "TASS", "ABACA", "Imago", "Newscom", "UPI", "WireImage",
		"FilmMagic", "LightRocket", "AP Images", "Everett Collection", "NASA", "Disney", "HBO", "Netflix", "Marvel Studios",
		"Universal Pictures", "Warner Bros.", "Paramount Pictures", "NBC", "ABC", "CBS", "Maxar Technologies", "Hulu", "Amazon Studios", "iStockphoto", "Adobe Stock", "Twitter", "Instagram", "File", "PA", "PA Media", "PA Images", "MEGA", "Lionsgate", "Peacock", "Apple TV+", "Sony Pictures", "Kyodo News", "Yonhap", "The New York Times", "The Washington Post"}
}

// photoCredit finds the first photo credit of text between from and end: a
// name and an agency with a slash, "Jane Doe/AFP/Getty Images", or an agency
// from which a picture comes, "From Getty Images". It does not begin before
// floor. stop is 0 where there is none.
func photoCredit(text string, from, end, floor int) (start, stop int) {
	for i := from; i < end; i++ {
		if text[i] != '/' {
			continue
		}
		stop := creditEnd(text, i, end, maxPapers)
		if stop == 0 {
			continue
		}
		start := creditStart(text, i, max(from, floor))
		if start < i && plausible(text, start, stop, end) {
			return start, stop
		}
	}
	return 0, 0
}

// maxPapers is how many names of papers may stand between a photographer and
// an agency.
const maxPapers = 3

// creditEnd returns the end of the agencies from the slash at i on, 0 where
// none stands there.
func creditEnd(text string, i, end, papers int) int {
	stop := 0
	for i < end && text[i] == '/' {
		rest, n := text[i+1:end], 0
		for _, a := range agencies() {
			if len(a) > n && strings.HasPrefix(rest, a) {
				if next, _ := utf8.DecodeRuneInString(rest[len(a):]); len(rest) == len(a) || !isWord(next) {
					n = len(a)
				}
			}
		}
		if n > 0 && strings.HasPrefix(rest[n:], " via Getty Images") {
			n += len(" via Getty Images")
		}
		if n == 0 { // a paper between the photographer and the agency
			for n < len(rest) && rest[n] != '/' && n < 40 {
				n++
			}
			if papers == 0 || n >= len(rest) || rest[n] != '/' || !nameOrWord(rest[:n]) {
				return stop
			}
			return max(stop, creditEnd(text, i+1+n, end, papers-1))
		}
		i += 1 + n
		stop = i
	}
	return stop
}

func nameOrWord(s string) bool {
	return len(strings.Fields(s)) <= 5 && !strings.ContainsAny(s, ".:;!?()\"0123456789")
}

// creditStart returns where the name before the slash at i begins: at most
// four capitalised words back to the beginning of the sentence, else two words
// back, or three with an initial.
func creditStart(text string, i, floor int) int {
	var starts []int
	for at := i; at > floor && len(starts) < 4; {
		start := floor + strings.LastIndexByte(text[floor:at], ' ') + 1
		word := text[start:at]
		first, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsUpper(first) {
			break
		}
		starts = append(starts, start)
		at = start - 1
	}
	if len(starts) == 0 {
		return i
	}
	first := starts[len(starts)-1]
	if strings.TrimSpace(text[floor:first]) == "" {
		return first
	}
	n := min(2, len(starts))
	if len(starts) > 2 && initial(strings.TrimSpace(text[starts[1]:starts[0]])) {
		n = 3
	}
	return starts[n-1]
}

func initial(word string) bool {
	return len(word) == 2 && word[1] == '.' || word == "Jr." || word == "St."
}

// plausible reports whether a credit ends its line, its sentence, or stands
// before the next caption of a gallery.
func plausible(text string, start, stop, end int) bool {
	rest := strings.TrimSpace(text[stop:])
	if rest == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(rest)
	before := strings.TrimSpace(text[:start])
	return (unicode.IsUpper(first) || opens(first)) && (before == "" || words.Ended(before))
}

func opens(r rune) bool { return strings.ContainsRune("\"'“‘(", r) }

// nameCredit returns where a credit of names alone begins behind a caption:
// "Sean Clark", "Sarah Silbiger for CNN", "From Getty Images", "AP". It is 0
// where there is none. A name behind a quotation says who spoke.
func nameCredit(l *line, sentences []words.Range) int {
	n := len(sentences)
	if n < 2 || l.ended || l.words > 60 {
		return 0
	}
	last, before := l.text[sentences[n-1].Start:], l.text[:sentences[n-2].End]
	mark, _ := utf8.DecodeLastRuneInString(before)
	if mark != '.' || words.Count(before) < 5 {
		return 0
	}
	if strings.Contains(last, "/") && last[0] != '@' {
		if nameLike(strings.ReplaceAll(last, "/", " "), 6) && photoCreditAt(l.text, sentences[n-1]) == 0 {
			return sentences[n-1].Start
		}
		return 0
	}
	if last[0] == '@' && words.Count(last) <= 3 {
		return sentences[n-1].Start
	}
	name := strings.NewReplacer(" for ", " ", " via ", " ", "From ", "", "Courtesy ", "", "courtesy ", "", " of ", " ").Replace(last)
	if _, known := slices.BinarySearch(slices.Sorted(slices.Values(agencies())), name); known || nameLike(name, 4) {
		return sentences[n-1].Start
	}
	return 0
}

// photoCreditAt returns where a photo credit with a known agency begins in
// the sentence at s, 0 where there is none.
func photoCreditAt(text string, s words.Range) int {
	start, _ := photoCredit(text, s.Start, s.End, 0)
	return start
}

// markPhrases marks what pages put inside a paragraph.
func (p *page) markPhrases(l *line) {
	if rest, ok := strings.CutSuffix(l.text, "Prev Next"); ok { // of a gallery
		start := len(rest)
		if i := strings.LastIndex(rest, "In pictures:"); i >= 0 && len(rest)-i < 200 {
			start = i
		}
		p.add(l.Start+start, l.End, corpus.ReasonOther)
	}
	for _, phrase := range []string{"Skip advert", "Skip advertisement", "(Image credit:", "(Photo credit:"} {
		for at := 0; ; {
			i := strings.Index(l.text[at:], phrase)
			if i < 0 {
				break
			}
			start, end := at+i, at+i+len(phrase)
			reason := corpus.ReasonAdvert
			if phrase[0] == '(' {
				n := strings.IndexByte(l.text[end:], ')')
				if n < 0 || n > 80 {
					break
				}
				end, reason = end+n+1, corpus.ReasonCredit
			}
			p.add(l.Start+start, l.Start+end, reason)
			at = end
		}
	}
}

// bracketCredit returns where a credit in brackets at the end of a caption
// begins: "[Getty Images]", "(AP Photo/Jane Doe)". It is 0 where there is none.
func bracketCredit(text string) int {
	last := strings.LastIndexAny(text, "[(")
	if last <= 0 || len(text)-last > 80 || !strings.HasSuffix(text, ")") && !strings.HasSuffix(text, "]") {
		return 0
	}
	in := text[last+1 : len(text)-1]
	if strings.ContainsAny(in, "()[]") || words.Count(in) > maxCreditWords {
		return 0
	}
	low := strings.ToLower(in)
	if containsAny(low, english.PhotoCredits.All()) {
		return last
	}
	switch low {
	case "ap", "epa", "file", "twitter", "supplied", "photo", "pti photo", "image":
		return last
	}
	return 0
}
