package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/english"
)

// Word is a distinct folded word or figure with what is known of it apart
// from any text. Equal words of one Vocabulary are one pointer.
type Word struct {
	ID    int    // from 0, dense in its Vocabulary
	Text  string // folded
	Stem  string // as the index holds it
	Base  string // stem of its base form: "fled" is "flee"
	Class Class
}

// Is reports whether w is of one of the classes of c.
func (w *Word) Is(c Class) bool { return w.Class&c != 0 }

// Token is a Word where it stands in a text.
type Token struct {
	*Word
	Start, End int  // bytes of the text, the end exclusive
	Cap        bool // it begins with an upper-case letter
}

// View is a text with its tokens: the one form in which ranking, the reader
// of facts and the guard see a text.
type View struct {
	Text   string
	Tokens []Token
}

// Gap returns the text between token i-1 and token i; that before the first
// token if i is 0, and that behind the last one if i is their number.
func (v *View) Gap(i int) string {
	start, end := 0, len(v.Text)
	if i > 0 {
		start = v.Tokens[i-1].End
	}
	if i < len(v.Tokens) {
		end = v.Tokens[i].Start
	}
	return v.Text[start:end]
}

// Raw returns token i as it is written.
func (v *View) Raw(i int) string { return v.Text[v.Tokens[i].Start:v.Tokens[i].End] }

// Span returns the text of the tokens from from to to, to exclusive.
func (v *View) Span(from, to int) string {
	if from >= to {
		return ""
	}
	return v.Text[v.Tokens[from].Start:v.Tokens[to-1].End]
}

// Begins reports whether token i may be the first of a sentence or of a
// quotation, where a capital letter says nothing.
func (v *View) Begins(i int) bool {
	if i == 0 {
		return true
	}
	gap := v.Gap(i)
	if len(gap) == 1 {
		return gap[0] == '\n' || gap[0] == '.' || gap[0] == '"'
	}
	return strings.ContainsAny(gap, ".?!\n“\"")
}

// Vocabulary makes views of texts and remembers every word that it has seen,
// so that a word is looked at once. It is not for concurrent use; make one
// for each question.
type Vocabulary struct {
	stemmer *Stemmer
	list    []*Word          // by ID
	words   map[string]*Word // by folded text
	raw     map[string]*Word // by text as written, if it is not folded
}

// NewVocabulary returns an empty Vocabulary. stemmer may be nil; with one,
// stems are remembered across vocabularies.
func NewVocabulary(stemmer *Stemmer) *Vocabulary {
	return &Vocabulary{stemmer: stemmer, words: make(map[string]*Word, 256), raw: make(map[string]*Word, 64)}
}

// Words returns the words seen, by their ID. The slice is shared.
func (v *Vocabulary) Words() []*Word { return v.list }

// Word returns the word of a folded text.
func (v *Vocabulary) Word(text string) *Word {
	w, ok := v.words[text]
	if !ok {
		w = v.newWord(text)
		v.list = append(v.list, w)
		v.words[text] = w
	}
	return w
}

func (v *Vocabulary) newWord(text string) *Word {
	w := &Word{ID: len(v.list), Text: text}
	if v.stemmer != nil {
		w.Stem = v.stemmer.Stem(text)
	} else {
		w.Stem = Stem(text)
	}
	w.Base = w.Stem
	if base, ok := english.Irregular.Get(text); ok {
		w.Base = Stem(base)
	}
	w.Class = classOf(w)
	return w
}

// View returns text with its tokens.
func (v *Vocabulary) View(text string) View {
	return View{Text: text, Tokens: v.AppendTokens(make([]Token, 0, len(text)/5+1), text)}
}

// AppendTokens appends the tokens of text to dst.
func (v *Vocabulary) AppendTokens(dst []Token, text string) []Token {
	for i := 0; i < len(text); {
		start, end, plain := next(text, i)
		if start == end {
			break
		}
		dst = append(dst, Token{Word: v.written(text[start:end], plain), Start: start, End: end, Cap: upper(text, start)})
		i = possessive(text, end)
	}
	return dst
}

// written returns the word of a token as it is written; plain is true if it
// is folded. Folding makes a string, so it is done once for each spelling.
func (v *Vocabulary) written(token string, plain bool) *Word {
	if plain {
		return v.Word(token)
	}
	w, ok := v.raw[token]
	if !ok {
		w = v.Word(foldToken(token, false))
		v.raw[token] = w
	}
	return w
}

func upper(text string, i int) bool {
	if c := text[i]; c < utf8.RuneSelf {
		return c >= 'A' && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsUpper(r)
}
