package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// Kind says what a quotable sentence is.
type Kind uint8

// The kinds of sentences.
const (
	Prose Kind = iota
	Item       // of a list
	Row        // of a table, or a figure behind its name ("Against: 1")
	Turn       // of a speaker in a transcript or an interview
)

// piece is a sentence of a body, whether it may be quoted or not.
type piece struct {
	corpus.Span
	text    string
	n       int  // words
	kind    Kind // of a sentence that may be quoted
	ok      bool // it may be quoted
	heading bool
	opens   bool // it begins its line
	closes  bool // it ends its line
	blank   bool // a blank line, furniture or nothing is before it
	label   int  // bytes of the speaker's label that it begins with
	turn    int  // the piece that begins its turn, -1 if it is in none
}

// question reports whether p asks, and is a line of its own or a turn's end.
func (p *piece) question() bool {
	return strings.HasSuffix(strings.TrimRight(p.text, "\"'”’)*"), "?")
}

// pieces returns the sentences of body outside of marks, in order.
func pieces(body string, marks []corpus.Mark) []piece {
	out := make([]piece, 0, len(body)/110+4)
	layout := words.NewLayout(body)
	for run := range runs(body, marks) {
		first := true
		for _, s := range layout.Sentences(run.Start, run.End) {
			p := piece{Span: corpus.Span(s), text: body[s.Start:s.End], turn: -1}
			p.n = words.Count(p.text)
			p.opens, p.closes = startsLine(body, s.Start), endsLine(body, s.End)
			p.blank = first || strings.Count(strings.ReplaceAll(body[out[len(out)-1].End:s.Start], "\r\n", "\n"), "\n") > 1
			if p.opens {
				switch layout.KindAt(s.Start) {
				case words.LineItem:
					p.kind = Item
				case words.LineRow:
					p.kind = Row
				}
			}
			first = false
			out = append(out, p)
		}
	}
	judge(body, out)
	markTurns(out)
	return out
}

// judge says of each piece whether it may be quoted by itself.
func judge(body string, list []piece) {
	story := false
	for i := range list {
		p := &list[i]
		p.ok = quotable(body, p.Span, p.text, story)
		switch p.kind {
		case Item:
			p.ok = p.ok && words.Ended(p.text) || itemWorth(p.text)
		case Row:
			p.ok = rowWorth(p.text) && (i > 0 && list[i-1].kind == Row && !p.blank || words.Count(p.text) > 2)
		default:
			if p.opens && p.closes && !p.ok && keyed(p.text) {
				p.ok, p.kind = true, Row
			}
		}
		p.heading = !p.ok && p.opens && p.closes && !words.Ended(p.text) && p.n <= maxApartHeading
		if p.ok && fragment(list, i) {
			p.ok = false
		}
		story = story || words.Ended(p.text) && p.n >= 8
	}
}

// fragment reports whether piece i is no whole sentence: it begins in lower
// case at the beginning of its line, it goes on from a line that is not
// finished, or it breaks off itself.
func fragment(list []piece, i int) bool {
	p := &list[i]
	if words.Unfinished(p.text) {
		return true
	}
	if !p.opens || p.kind != Prose {
		return false
	}
	first, size := utf8.DecodeRuneInString(p.text)
	second, _ := utf8.DecodeRuneInString(p.text[size:])
	if unicode.IsLower(first) && !unicode.IsUpper(second) {
		return true
	}
	return i > 0 && words.Unfinished(list[i-1].text) && list[i-1].kind == Prose
}

// itemWorth reports whether a list item says something that can be quoted:
// a figure behind words, or several words.
func itemWorth(text string) bool {
	rest := strings.TrimSpace(text[min(len(text), words.ItemMark(text)):])
	return words.Count(rest) >= 2 && strings.ContainsAny(rest, "0123456789") || words.Count(rest) >= 5
}

// rowWorth reports whether a row of a table has cells with a word and a
// figure.
func rowWorth(text string) bool {
	return strings.ContainsFunc(text, unicode.IsLetter) && strings.ContainsAny(text, "0123456789")
}

// keyed reports whether a line gives a figure behind its name: "Against: 1
// (Novak)".
func keyed(text string) bool {
	key, value, ok := strings.Cut(text, ": ")
	return ok && words.Count(key) <= 5 && words.Count(value) <= 12 && strings.ContainsAny(value, "0123456789") &&
		!strings.ContainsAny(key, ".?!") && !words.IsPhrase(english.HeadLabels, strings.ToLower(key))
}

// markTurns finds the turns of a transcript or an interview.
func markTurns(list []piece) {
	seen, capital, turns := make(map[string]int), 0, 0
	for i := range list {
		p := &list[i]
		if !p.opens {
			continue
		}
		label, isCapital := speaker(p.text)
		if label == 0 {
			continue
		}
		p.label = label
		seen[p.text[:label]]++
		turns++
		if isCapital {
			capital++
		}
	}
	repeated := false
	for _, n := range seen {
		repeated = repeated || n > 1
	}
	if capital < 2 && !(turns > 2 && repeated) {
		for i := range list {
			list[i].label = 0
		}
		return
	}
	turn := -1
	for i := range list {
		p := &list[i]
		switch {
		case p.label > 0:
			turn = i
			p.heading = false
			p.ok = p.n > words.Count(p.text[:p.label])
		case p.heading && p.blank, strings.HasPrefix(p.text, "(") && strings.HasSuffix(p.text, ")") && p.opens && p.closes:
			turn = -1
			p.ok = p.ok && !strings.HasPrefix(p.text, "(")
		}
		if p.turn = turn; turn >= 0 && p.ok {
			p.kind = Turn
		}
	}
}

// speaker returns the length of the label of a speaker that text begins with,
// and whether it is in capitals: "KEN MARLOW, ANCHOR:", "Q.", "Novak:".
func speaker(text string) (n int, capital bool) {
	if n := words.Label(text); n > 0 {
		key := strings.TrimRight(text[:n], ":.")
		if len(key) == 1 || words.SpeakerLabel(key) && !words.IsPhrase(english.HeadLabels, strings.ToLower(key)) && !words.IsPhrase(english.Kickers, strings.ToLower(key)) {
			return n, true
		}
		return 0, false
	}
	at := strings.Index(text, ": ")
	if at < 1 || at > 40 || words.Count(text[:at]) > 4 {
		return 0, false
	}
	for word := range strings.FieldsSeq(text[:at]) {
		if r, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(r) || strings.ContainsAny(word, "0123456789,\"“”") {
			return 0, false
		}
	}
	return at + 1, false
}
