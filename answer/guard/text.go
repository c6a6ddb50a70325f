package guard

import (
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// word is a token of a text with what the checks need to know of it.
type word struct {
	words.Token
	canon                                string // base of the group of near synonyms that it is in, or its own
	first, content, quoted, figure, name bool   // as facts.Facts says of its token
	sentence                             int
}

// parsedText is a text as the checks read it: its facts, and its tokens with
// what is known of each.
type parsedText struct {
	*facts.Facts
	words []word
}

// parse reads text. It never fails: what it does not understand is a word.
func parse(text string) *parsedText {
	f := facts.Read(words.NewVocabulary(nil).View(text))
	p := &parsedText{Facts: f, words: make([]word, len(f.Tokens))}
	lex := lexicon()
	for i, t := range f.Tokens {
		w := word{
			Token: t, canon: t.Base, sentence: f.Sentence(i),
			first: f.First(i), content: f.Content(i), quoted: f.Quoted(i), figure: f.InFigure(i), name: f.InName(i),
		}
		if c, ok := lex.canon[t.Base]; ok {
			w.canon = c
		}
		p.words[i] = w
	}
	return p
}

// at returns the words at the given places.
func (p *parsedText) at(places []int) []*word {
	out := make([]*word, len(places))
	for k, i := range places {
		out[k] = &p.words[i]
	}
	return out
}

// in returns the words of a range.
func (p *parsedText) in(r facts.Range) []*word {
	out := make([]*word, 0, r.Len())
	for i := r.From; i < r.To; i++ {
		out = append(out, &p.words[i])
	}
	return out
}
