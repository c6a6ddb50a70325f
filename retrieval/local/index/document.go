package index

import (
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"verbatim/retrieval/words"
)

const (
	idField   = "_id"
	stemField = "s"
	// everyPassage is a term of every passage: its postings carry the length
	// of each. No stem holds a NUL.
	everyPassage = "\x00"
)

// passageDocument is what the word index takes for one passage: its ref and how often
// each stem occurs in it. It is an index.Document, so that bleve's analysis,
// which would keep the place of every token, is not needed.
type passageDocument struct {
	id    *document.TextField
	stems stems
}

func newDocument(ref, text string, stemmer *words.Stemmer) *passageDocument {
	return &passageDocument{
		id:    document.NewTextFieldCustom(idField, nil, []byte(ref), index.IndexField|index.StoreField, nil),
		stems: stems{text: text, stemmer: stemmer},
	}
}

func (p *passageDocument) ID() string                                 { return string(p.id.Value()) }
func (p *passageDocument) Size() int                                  { return p.id.Size() + len(p.stems.frequencies)*48 }
func (p *passageDocument) VisitComposite(index.CompositeFieldVisitor) {}
func (p *passageDocument) HasComposite() bool                         { return false }
func (p *passageDocument) NumPlainTextBytes() uint64                  { return p.stems.NumPlainTextBytes() }
func (p *passageDocument) AddIDField()                                {}
func (p *passageDocument) StoredFieldsBytes() uint64                  { return 0 }
func (p *passageDocument) Indexed() bool                              { return true }

func (p *passageDocument) VisitFields(visit index.FieldVisitor) {
	visit(p.id)
	visit(&p.stems)
}

// stems is the field of a passage that is searched.
type stems struct {
	text        string
	stemmer     *words.Stemmer
	length      int // tokens
	frequencies index.TokenFrequencies
	spare       []index.TokenFreq // made many at a time
}

func (s *stems) Name() string                                     { return stemField }
func (s *stems) Value() []byte                                    { return nil }
func (s *stems) ArrayPositions() []uint64                         { return nil }
func (s *stems) EncodedFieldType() byte                           { return 't' }
func (s *stems) Options() index.FieldIndexingOptions              { return index.IndexField }
func (s *stems) AnalyzedLength() int                              { return s.length }
func (s *stems) NumPlainTextBytes() uint64                        { return uint64(len(s.text)) }
func (s *stems) AnalyzedTokenFrequencies() index.TokenFrequencies { return s.frequencies }

// Analyze counts the stems of the text.
func (s *stems) Analyze() {
	s.frequencies = make(index.TokenFrequencies, len(s.text)/8)
	s.count(everyPassage)
	for token := range words.Tokens(s.text) {
		s.count(s.stemmer.Stem(token.Text))
		s.length++
	}
	s.spare = nil
}

func (s *stems) count(stem string) {
	f := s.frequencies[stem]
	if f == nil {
		if len(s.spare) == 0 {
			s.spare = make([]index.TokenFreq, 32)
		}
		f, s.spare = &s.spare[0], s.spare[1:]
		s.frequencies[stem] = f
	}
	f.SetFrequency(f.Frequency() + 1)
}
