package align

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/words"
)

// Case says how a token is capitalised.
type Case uint8

const (
	Lower  Case = iota
	First       // a capital at the beginning of a sentence or of quoted words, which tells nothing
	Inside      // a capital inside a sentence: part of a name, most often
)

// Token is a word in its place.
type Token struct {
	*Word
	Start, End int  // bytes of the text
	Index      int  // of the word in Group.Words; -1 in a question
	Case       Case //
	Money      bool // a currency sign stands before it
	Percent    bool // a per cent sign stands behind it
}

// Text is a text as tokens.
type Text struct {
	Tokens   []Token
	Quoted   bool // it holds a double quotation mark
	Question bool // it ends with a question mark
}

// read tokenises text. look finds a word with its index.
func read(text string, look func(string) (*Word, int)) Text {
	t := Text{
		Tokens:   make([]Token, 0, len(text)/5+1),
		Quoted:   strings.ContainsAny(text, "\"“”"),
		Question: strings.HasSuffix(strings.TrimSpace(text), "?"),
	}
	last := 0
	for tok := range words.Tokens(text) {
		w, index := look(tok.Text)
		gap := text[last:tok.Start]
		t.Tokens = append(t.Tokens, Token{
			Word: w, Start: tok.Start, End: tok.End, Index: index,
			Case:  caseOf(text[tok.Start:tok.End], last == 0 || strings.ContainsAny(gap, ".!?:\n\"“‘")),
			Money: endsWithSign(gap), Percent: strings.HasPrefix(text[tok.End:], "%"),
		})
		last = tok.End
	}
	return t
}

// caseOf tells the case of a word that begins a sentence or not. Capitals throughout, as in an acronym, tell
// of a name anywhere.
func caseOf(word string, begins bool) Case {
	r, size := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(r) {
		return Lower
	}
	if next, _ := utf8.DecodeRuneInString(word[size:]); begins && !unicode.IsUpper(next) {
		return First
	}
	return Inside
}

func endsWithSign(gap string) bool {
	r, _ := utf8.DecodeLastRuneInString(gap)
	return unicode.Is(unicode.Sc, r)
}
