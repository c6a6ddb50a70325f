package align

import (
	"fmt"
	"sync"

	"verbatim/retrieval/embed"
	"verbatim/retrieval/wordnet"
)

// Aligner makes the matches. It is safe for concurrent use.
type Aligner struct {
	net     *wordnet.Net
	vectors *embed.Embedder
}

// New returns an aligner over the built-in words and vectors.
func New() (*Aligner, error) {
	net, err := wordnet.New()
	if err != nil {
		return nil, fmt.Errorf("align words: %w", err)
	}
	vectors, err := embed.New()
	if err != nil {
		return nil, fmt.Errorf("align words: %w", err)
	}
	return &Aligner{net: net, vectors: vectors}, nil
}

// Default returns the aligner that the program shares. It fails as New does.
var Default = sync.OnceValues(New)

// Dim is the number of components of a word's vector.
func (a *Aligner) Dim() int { return a.vectors.Dim() }

// AppendVector appends the centred vector of a word to dst: zeros for an unknown word.
func (a *Aligner) AppendVector(dst []float32, w *Word) []float32 {
	if w.Rank < 0 {
		return append(dst, make([]float32, a.vectors.Dim())...)
	}
	return a.vectors.AppendCentred(dst, w.Rank)
}

// Candidate is a sentence with what stands around it. Previous, Next and Title may be empty.
type Candidate struct {
	Sentence, Previous, Next, Title string
}

// Texts are the tokenised parts of a candidate.
type Texts struct {
	Sentence, Previous, Next, Title *Text
}

// Group is a question with its candidates and the matches between their words. Rows of the
// matrices are tokens of the question, columns are distinct words of the candidates: Lexical[i][j]
// is the match of Question.Tokens[i] and Words[j].
type Group struct {
	Question   Text
	Words      []*Word
	Candidates []Texts

	Content []int // the question's tokens that are matched by meaning, in order
	Names   []int // those of them that are names
	Numbers []int // those of them that are numbers
	Focus   int   // the token that what is asked for goes by ("which law FIRM", "how many PEOPLE"), or -1

	Lexical [][]float32
	Wordnet [][]float32 // rows of content words; other rows are nil
	Cosine  [][]float32 // likewise
	Soft    [][]float32 // rows of content words: the best of the three; of other words: Lexical

	vectors []float32 // of Words, one after the other
}

// Vector returns the centred vector of the distinct word j: zeros for an unknown word. It is shared.
func (g *Group) Vector(j int) []float32 {
	dim := len(g.vectors) / len(g.Words)
	return g.vectors[j*dim : (j+1)*dim]
}

// Group matches the words of a question to those of its candidates. A text that several candidates share is read once.
func (a *Aligner) Group(question string, candidates []Candidate) *Group {
	b := builder{aligner: a, group: &Group{}, index: make(map[string]int), texts: make(map[string]*Text)}
	b.group.Question = read(question, func(text string) (*Word, int) { return a.newWord(text), -1 })
	b.group.Candidates = make([]Texts, len(candidates))
	for i, c := range candidates {
		b.group.Candidates[i] = Texts{b.text(c.Sentence), b.text(c.Previous), b.text(c.Next), b.text(c.Title)}
	}
	b.group.parse()
	b.match()
	return b.group
}

// builder makes a group.
type builder struct {
	aligner *Aligner
	group   *Group
	index   map[string]int // of Group.Words by text
	texts   map[string]*Text
}

func (b *builder) text(text string) *Text {
	t := b.texts[text]
	if t == nil {
		read := read(text, b.look)
		t = &read
		b.texts[text] = t
	}
	return t
}

func (b *builder) look(text string) (*Word, int) {
	j, ok := b.index[text]
	if !ok {
		j = len(b.group.Words)
		b.index[text] = j
		b.group.Words = append(b.group.Words, b.aligner.newWord(text))
	}
	return b.group.Words[j], j
}
