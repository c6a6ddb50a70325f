package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/words"
)

// word is a token of a text with what the guard needs to know of it.
type word struct {
	words.Term
	text     string // folded
	stem     string
	canon    string // stem of the group of near synonyms that it is in, or stem
	capital  bool   // begins with a capital letter
	first    bool   // of its sentence
	content  bool   // is no stop word
	quoted   bool   // stands inside quotation marks
	figure   bool   // is part of a figure or date
	name     bool   // is part of a name
	sentence int
}

// clause is a range of words, [from, to).
type clause struct {
	from, to int
	sentence int
}

// parsedText is a text as the guard reads it.
type parsedText struct {
	text    string
	words   []word
	clauses []clause
	quoted  []words.Range // what stands inside quotation marks
	figures []figure
	dates   []date
}

// parse reads text. It never fails: what it does not understand is a word.
func parse(text string) *parsedText {
	p := &parsedText{text: text, quoted: quotations(text)}
	lex := lexicon()
	sentence, first := 0, true
	ends := p.ends()
	for t := range words.Tokens(text) {
		if t.Text == "" {
			continue
		}
		w := word{Term: t, text: t.Text, stem: words.Stem(t.Text), quoted: p.inQuotes(t.Start)}
		for len(ends) > 0 && t.Start >= ends[0] {
			if len(p.words) > 0 {
				sentence, first = sentence+1, true
			}
			ends = ends[1:]
		}
		r, _ := utf8.DecodeRuneInString(text[t.Start:])
		w.capital, w.first, w.sentence = unicode.IsUpper(r), first, sentence
		w.content = !words.Stop(w.text) && !lex.filler[w.text]
		if base, ok := lex.irregular[w.text]; ok {
			w.stem = base
		}
		w.canon = w.stem
		if c, ok := lex.canon[w.stem]; ok {
			w.canon = c
		}
		p.words = append(p.words, w)
		first = false
	}
	p.cut()
	p.readDates()
	p.readFigures()
	p.markNames()
	return p
}

func (p *parsedText) inQuotes(at int) bool {
	for _, q := range p.quoted {
		if q.Start <= at && at < q.End {
			return true
		}
	}
	return false
}

// gap returns the text between words i-1 and i.
func (p *parsedText) gap(i int) string {
	start := 0
	if i > 0 {
		start = p.words[i-1].End
	}
	end := len(p.text)
	if i < len(p.words) {
		end = p.words[i].Start
	}
	return p.text[start:end]
}

// ends returns where the sentences of p end. Sentences inside one pair of
// quotation marks are one, with what goes with them.
func (p *parsedText) ends() []int {
	var out []int
	for _, r := range words.Sentences(p.text) {
		if !p.inQuotes(r.End) {
			out = append(out, r.End)
		}
	}
	return out
}

// cut finds the clauses: they end at punctuation outside of figures and
// before conjunctions. A clause of fewer than two content words joins the one
// before it.
func (p *parsedText) cut() {
	lex := lexicon()
	start, count := 0, 0
	flush := func(end int) {
		if end == start {
			return
		}
		last := len(p.clauses) - 1
		if count < 2 && last >= 0 && p.clauses[last].sentence == p.words[start].sentence {
			p.clauses[last].to = end
		} else {
			p.clauses = append(p.clauses, clause{start, end, p.words[start].sentence})
		}
		start, count = end, 0
	}
	for i := range p.words {
		w := &p.words[i]
		if i > 0 && (w.sentence != p.words[i-1].sentence || strings.ContainsAny(p.gap(i), ",;:()–—") ||
			strings.Contains(p.gap(i), " - ") || strings.Contains(p.gap(i), "--") || lex.conjunction[w.text]) {
			flush(i)
		}
		if w.content {
			count++
		}
	}
	flush(len(p.words))
}

// clauseOf returns the index of the clause that holds word i.
func (p *parsedText) clauseOf(i int) int {
	for c := range p.clauses {
		if i < p.clauses[c].to {
			return c
		}
	}
	return len(p.clauses) - 1
}

// quotations returns what stands between quotation marks in text. A single
// mark between letters, or after one and not closing any, is an apostrophe.
// A quotation that is not closed ends with the text.
func quotations(text string) []words.Range {
	var out []words.Range
	open, closer := -1, rune(0)
	prev := ' '
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case open < 0:
			closer = opens(r, prev, next)
			if closer != 0 {
				open = i + size
			}
		case closes(r, closer, prev, next):
			out = append(out, words.Range{Start: open, End: i})
			open = -1
		}
		prev = r
	}
	if open >= 0 {
		out = append(out, words.Range{Start: open, End: len(text)})
	}
	return out
}

// opens returns the mark that closes what r opens, or 0.
func opens(r, prev, next rune) rune {
	boundary := !unicode.IsLetter(prev) && !unicode.IsDigit(prev)
	switch r {
	case '"':
		return '"'
	case '“', '„':
		return '”'
	case '«':
		return '»'
	case '‘', '\'', '’':
		if boundary && !unicode.IsSpace(next) && (unicode.IsLetter(next) || next == '.' || next == '…') {
			return '’'
		}
	}
	return 0
}

func closes(r, closer, prev, next rune) bool {
	switch closer {
	case '"':
		return r == '"' || r == '”'
	case '”':
		return r == '”' || r == '"' || r == '“'
	case '’':
		return (r == '’' || r == '\'') && !unicode.IsSpace(prev) && !unicode.IsLetter(next) && !unicode.IsDigit(next)
	}
	return r == closer
}
