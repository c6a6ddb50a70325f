package segment

import (
	"strings"
	"unicode"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// quotation says how a piece lies to the quotations around it.
type quotation struct {
	opened     bool // it begins with an opening mark
	inside     bool // it begins inside of a quotation
	goesOn     bool // its quotation began in a paragraph before
	unclosed   bool // its quotation is open at its end
	outside    bool // it has words outside of quotations
	attributed bool // these say who speaks
	pronoun    bool // and who that is only as "he", "she" or "they"
	speaker    int  // the piece before it that says who speaks, -1 if none does
}

// quotations follows the quotation marks of the pieces. A quotation over
// several paragraphs has an opening mark before each and a closing one behind
// the last.
func quotations(list []piece) []quotation {
	out := make([]quotation, len(list))
	open, goesOn, speaker := false, false, -1
	for i := range list {
		p := &list[i]
		if p.opens {
			// A new paragraph: what is open goes on only behind an opening mark.
			goesOn = open && openingMark(p.text) && !p.heading
			open = false
			if !goesOn {
				speaker = -1
			}
		}
		q := quotation{opened: openingMark(p.text), inside: open, goesOn: goesOn, speaker: speaker}
		var outside string
		outside, open = unquoted(p.text, open)
		q.outside, q.unclosed = strings.ContainsFunc(outside, unicode.IsLetter), open
		if q.outside {
			quoted := open || strings.ContainsAny(p.text, "“”„«»\"‘’'")
			if quoted {
				q.attributed, q.pronoun = attributionIn(outside)
			}
			if strings.ContainsAny(p.text, "“”\"") && q.attributed {
				speaker = i
			} else if !open {
				speaker = -1
			}
			if goesOn = goesOn && open; !goesOn {
				q.goesOn = false
			}
		}
		out[i] = q
	}
	return out
}

func openingMark(text string) bool {
	return strings.HasPrefix(text, "“") || strings.HasPrefix(text, "\"") || strings.HasPrefix(text, "„") || strings.HasPrefix(text, "«")
}

// unquoted returns what of text stands outside of double quotation marks, and
// whether a quotation is open at its end.
func unquoted(text string, open bool) (string, bool) {
	if !strings.ContainsAny(text, "“”„«»\"") {
		if open {
			return "", true
		}
		return text, false
	}
	var b strings.Builder
	for i, r := range text {
		switch r {
		case '“', '„', '«':
			open = r != '“' || !germanClose(text[:i])
		case '”', '»':
			open = false
		case '"':
			open = !open
		default:
			if !open {
				b.WriteRune(r)
			}
			continue
		}
		b.WriteByte(' ')
	}
	return b.String(), open
}

// germanClose reports whether a quotation that began with „ is open at the
// end of text, so that “ closes it.
func germanClose(text string) bool {
	return strings.LastIndex(text, "„") > strings.LastIndex(text, "“")
}

// attributionIn reports whether the words outside of a quotation say who
// speaks, and whether they do so by a pronoun alone.
func attributionIn(outside string) (attributed, pronoun bool) {
	list := tokens(outside)
	for i, word := range list {
		if !english.Says.Has(word) {
			continue
		}
		attributed = true
		before, after := "", ""
		if i > 0 {
			before = list[i-1]
		}
		if i+1 < len(list) {
			after = list[i+1]
		}
		if personal(before) || word == list[0] && personal(after) {
			return true, !nameBefore(outside, i)
		}
	}
	return attributed, false
}

func personal(word string) bool { return word == "he" || word == "she" || word == "they" }

// nameBefore reports whether a word with a capital stands before the token at
// index i of text, but at its beginning.
func nameBefore(text string, i int) bool {
	n := 0
	for t := range words.Tokens(text) {
		if n == i {
			break
		}
		if n > 0 && t.Text != "i" && unicode.IsUpper(rune(text[t.Start])) {
			return true
		}
		n++
	}
	return false
}
