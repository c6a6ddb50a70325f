package reader

import (
	"math"

	"verbatim/answer/rank/align"
)

// The sizes of the inputs. All features are from 0 to 1.
const (
	maxQuestion = 20 // tokens of a question that are read
	maxSentence = 48 // tokens of a sentence that are read

	QuestionFeatures = 8  // of a question's token by itself
	MatchFeatures    = 7  // of a question's token in a sentence
	SentenceFeatures = 25 // of a sentence's token
	OverallFeatures  = 15 // of a pair
)

// Question is what the net reads of a question.
type Question struct {
	Ranks    []int32   // of the tokens' words by frequency, -1 for unknown words
	Features []float32 // tokens by QuestionFeatures
}

// Pair is what the net reads of a sentence under a question.
type Pair struct {
	Ranks    []int32   // of the sentence's tokens
	Features []float32 // tokens by SentenceFeatures
	Matches  []float32 // the question's tokens by MatchFeatures
	Related  []float32 // the question's tokens by the sentence's: the best of the lexical and the WordNet match
	Cosine   []float32 // likewise: the cosine
	Overall  []float32
}

// matched is the least match that counts as one where a token is either matched or not.
const matched = .6

// leastName is the least weight of a name in sums over a question's words; wordWeight is added to
// every word's rarity there.
const leastName, wordWeight = .8, .15

// inputs makes the net's inputs of a group.
type inputs struct {
	group   *align.Group
	tokens  []align.Token // of the question, as many as are read
	content []int
	name    []bool    // by token
	weights []float32 // by token: 0 for function words
	total   float32   // of the weights
}

func newInputs(g *align.Group) *inputs {
	in := &inputs{group: g, tokens: g.Question.Tokens[:min(len(g.Question.Tokens), maxQuestion)]}
	in.name, in.weights = make([]bool, len(in.tokens)), make([]float32, len(in.tokens))
	for _, i := range g.Names {
		if i < len(in.tokens) {
			in.name[i] = true
		}
	}
	for _, i := range g.Content {
		if i >= len(in.tokens) {
			break
		}
		in.content = append(in.content, i)
		in.weights[i] = in.tokens[i].IDF + wordWeight
		if in.name[i] {
			in.weights[i] = max(in.weights[i], leastName)
		}
		in.total += in.weights[i]
	}
	return in
}

// question returns what is the same for all sentences.
func (in *inputs) question() Question {
	q := Question{}
	for i, t := range in.tokens {
		q.Ranks = append(q.Ranks, int32(t.Rank))
		q.Features = append(q.Features,
			t.IDF, flag(t.Is(align.Function)), flag(t.Is(align.Number)), flag(in.name[i]), flag(t.Rank < 0), flag(i == in.group.Focus),
			flag(in.weights[i] > 0), float32(i)/maxQuestion)
	}
	return q
}

// pair returns what depends on candidate c.
func (in *inputs) pair(c int) Pair {
	texts := in.group.Candidates[c]
	tokens := texts.Sentence.Tokens[:min(len(texts.Sentence.Tokens), maxSentence)]
	p := Pair{
		Ranks: make([]int32, len(tokens)), Features: make([]float32, len(tokens)*SentenceFeatures),
		Related: make([]float32, len(in.tokens)*len(tokens)), Cosine: make([]float32, len(in.tokens)*len(tokens)),
	}
	for i := range in.tokens {
		related, cosine := p.Related[i*len(tokens):], p.Cosine[i*len(tokens):]
		for j, t := range tokens {
			related[j] = in.related(i, t.Index)
			if in.group.Cosine[i] != nil {
				cosine[j] = max(0, min(1, in.group.Cosine[i][t.Index]))
			}
		}
	}
	in.sentence(&p, texts.Sentence, tokens)
	in.matches(&p, texts)
	return p
}

// related is the better of the lexical and the WordNet match.
func (in *inputs) related(i, word int) float32 {
	m := in.group.Lexical[i][word]
	if row := in.group.Wordnet[i]; row != nil {
		m = max(m, row[word])
	}
	return m
}

// sentence fills the ranks and features of the sentence's tokens.
func (in *inputs) sentence(p *Pair, text *align.Text, tokens []align.Token) {
	n := len(tokens)
	any := make([]float32, n)
	for j, t := range tokens {
		p.Ranks[j] = int32(t.Rank)
		var lexical, cosine, function float32
		for i := range in.tokens {
			if in.weights[i] > 0 {
				lexical = max(lexical, in.group.Lexical[i][t.Index])
				any[j] = max(any[j], p.Related[i*n+j])
				cosine = max(cosine, p.Cosine[i*n+j])
			} else {
				function = max(function, in.group.Lexical[i][t.Index])
			}
		}
		copy(p.Features[j*SentenceFeatures:], []float32{
			t.IDF, flag(t.Is(align.Function)), flag(t.Is(align.Number)), flag(t.Is(align.Calendar)), flag(t.Is(align.Unit)),
			flag(t.Case == align.Inside), flag(t.Case == align.First), flag(t.Is(align.Reason)), flag(t.Is(align.Saying)),
			flag(t.Is(align.Person)), flag(t.Is(align.Given)), flag(t.Is(align.Place)), flag(t.Is(align.Organisation)),
			flag(t.Is(align.Negation)), flag(t.Is(align.Pronoun)), flag(t.Rank < 0), flag(t.Money), flag(t.Percent),
			lexical, any[j], cosine, function, 0, float32(j) / maxSentence, flag(text.Quoted),
		})
	}
	const nearness = 22 // its place among the features
	for j, d := range distances(any) {
		if d >= 0 {
			p.Features[j*SentenceFeatures+nearness] = float32(math.Exp(-float64(d) / 3))
		}
	}
}

// distances returns how far each token is from the nearest matched one, or -1 if there is none.
func distances(match []float32) []int {
	out := make([]int, len(match))
	last := -1
	for j := range match {
		if match[j] >= matched {
			last = j
		}
		out[j] = -1
		if last >= 0 {
			out[j] = j - last
		}
	}
	last = -1
	for j := len(match) - 1; j >= 0; j-- {
		if match[j] >= matched {
			last = j
		}
		if last >= 0 && (out[j] < 0 || last-j < out[j]) {
			out[j] = last - j
		}
	}
	return out
}

// matches fills the matches of the question's tokens and what they say together.
func (in *inputs) matches(p *Pair, texts align.Texts) {
	g := in.group
	var lexical, related, soft, before, title, all sum
	var names, namesAround, others mean
	var missing float32
	for i := range in.tokens {
		lex, cos := best(g.Lexical[i], texts.Sentence), float32(0)
		rel := max(lex, best(g.Wordnet[i], texts.Sentence))
		if g.Cosine[i] != nil {
			cos = min(1, best(g.Cosine[i], texts.Sentence))
		}
		own, prev, next, head := best(g.Soft[i], texts.Sentence), best(g.Soft[i], texts.Previous), best(g.Soft[i], texts.Next), best(g.Soft[i], texts.Title)
		p.Matches = append(p.Matches, lex, rel, cos, own, prev, next, head)
		w := in.weights[i]
		if w == 0 {
			continue
		}
		around := max(own, prev, head)
		lexical.add(w, lex)
		related.add(w, rel)
		soft.add(w, own)
		before.add(w, max(own, prev))
		title.add(w, max(own, head))
		all.add(w, max(around, next))
		missing = max(missing, w*(1-own)/(1+wordWeight))
		if in.name[i] {
			names.add(1, lex)
			namesAround.add(1, around)
		} else {
			others.add(w, own)
		}
	}
	tokens := texts.Sentence.Tokens
	p.Overall = []float32{
		lexical.over(in.total), related.over(in.total), soft.over(in.total), before.over(in.total), title.over(in.total), all.over(in.total),
		missing, names.or(1), namesAround.or(1), others.or(1),
		min(1, float32(len(tokens))/maxSentence), flag(texts.Sentence.Question), flag(len(tokens) > 0 && tokens[0].Is(align.Pronoun)),
		in.order(texts.Sentence), flag(len(texts.Previous.Tokens) > 0),
	}
}

// order is the share of pairs of matched content words that stand in the sentence in the question's
// order, .5 if there is no pair.
func (in *inputs) order(text *align.Text) float32 {
	var places []int
	for _, i := range in.content {
		at, match := -1, float32(matched)
		for j, t := range text.Tokens {
			if m := in.group.Soft[i][t.Index]; m >= match && (at < 0 || m > match) {
				at, match = j, m
			}
		}
		if at >= 0 {
			places = append(places, at)
		}
	}
	if len(places) < 2 {
		return .5
	}
	same, pairs := 0, 0
	for a := range places {
		for b := a + 1; b < len(places); b++ {
			pairs++
			if places[a] <= places[b] {
				same++
			}
		}
	}
	return float32(same) / float32(pairs)
}

// sum is a weighted sum.
type sum float32

func (s *sum) add(w, x float32) { *s += sum(float32(w * x)) }

func (s sum) over(total float32) float32 {
	if total == 0 {
		return 0
	}
	return float32(s) / total
}

// mean is a weighted mean.
type mean struct {
	sum   sum
	total float32
}

func (m *mean) add(w, x float32) {
	m.sum.add(w, x)
	m.total += w
}

// or returns the mean, or empty if nothing was added.
func (m mean) or(empty float32) float32 {
	if m.total == 0 {
		return empty
	}
	return m.sum.over(m.total)
}

// best returns the greatest of a row's values over a text's tokens, at least 0.
func best(row []float32, text *align.Text) float32 {
	var out float32
	if row != nil {
		for _, t := range text.Tokens {
			out = max(out, row[t.Index])
		}
	}
	return out
}

func flag(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// Inputs returns what the net reads of a group: the question, and each candidate in order.
func Inputs(g *align.Group) (Question, []Pair) {
	in := newInputs(g)
	pairs := make([]Pair, len(g.Candidates))
	for c := range pairs {
		pairs[c] = in.pair(c)
	}
	return in.question(), pairs
}
