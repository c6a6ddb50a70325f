package query

import (
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/words"
)

// Token is a token of a text as ranking sees it.
type Token struct {
	Start, End int  // bytes of the text
	Cap        bool // begins with an upper-case letter
	*Word
}

// Word is a distinct token with what is known of it.
type Word struct {
	Text, Stem string // folded; and its stem
	Stop       bool   // too common to search for
	Figure     bool   // begins with a digit
	Number     bool   // a figure in letters, or a word of quantity
	Year       bool   // a figure that may be a year
	Calendar   bool   // a month or a day of the week
	Saying     bool   // a verb of speech
	Reason     bool   // joins an effect to its cause
	Asked      bool   // the question holds it

	term     int // index in the question's terms, or -1
	compared bool
	likeness float64 // to what is asked for
}

// Known reports whether w is a term of the question.
func (w *Word) Known() bool { return w.term >= 0 }

func newWord(text string, stemmer *words.Stemmer) *Word {
	w := &Word{Text: text, term: -1}
	if stemmer != nil {
		w.Stem = stemmer.Stem(text)
	} else {
		w.Stem = words.Stem(text)
	}
	w.Figure = text != "" && text[0] >= '0' && text[0] <= '9'
	if w.Figure {
		w.Year = len(text) == 4 && (text[:2] == "19" || text[:2] == "20")
		return w
	}
	w.Stop, w.Number, w.Calendar = words.Stop(text), numberWord(text), isMonth(text) || isWeekday(text)
	w.Saying, w.Reason = saying(w.Stem), reasonWord(text)
	return w
}

// View returns the tokens of text.
func View(text string) []Token {
	out := make([]Token, 0, len(text)/5)
	for t := range words.Tokens(text) {
		out = append(out, Token{Start: t.Start, End: t.End, Cap: upper(text, t.Start), Word: newWord(t.Text, nil)})
	}
	return out
}

func upper(text string, i int) bool {
	if c := text[i]; c < utf8.RuneSelf {
		return c >= 'A' && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsUpper(r)
}

func isMonth(t string) bool {
	switch t {
	case "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december":
		return true
	}
	return false
}

func isWeekday(t string) bool {
	switch t {
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday":
		return true
	}
	return false
}

func numberWord(t string) bool {
	switch t {
	case "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
		"sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
		"hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "billions", "dozen", "dozens", "half", "percent", "none", "zero":
		return true
	}
	return false
}

func reasonWord(t string) bool {
	switch t {
	case "because", "due", "after", "amid", "over", "since", "caused", "blamed", "citing", "following", "reason", "so":
		return true
	}
	return false
}
