package align

import "verbatim/retrieval/wordnet"

// What a match is worth. The figures are those of the experiment that the features were chosen by.
const (
	sameLemma     = .95
	oneEdit       = .85
	compound      = .85
	sameBeginning = .8

	// A cosine below cosineFrom counts nothing, one of cosineFrom+cosineOver counts cosineMost.
	cosineFrom, cosineOver, cosineMost = .35, .55, .75
)

// relationMatch is the match of related lemmas.
var relationMatch = [...]float32{wordnet.Synonym: .9, wordnet.Derived: .85, wordnet.Near: .6, wordnet.Antonym: -.5}

// match fills the matrices.
func (b *builder) match() {
	g := b.group
	n := len(g.Words)
	g.vectors = make([]float32, 0, n*b.aligner.Dim())
	for _, w := range g.Words {
		g.vectors = b.aligner.AppendVector(g.vectors, w)
	}
	rows := len(g.Question.Tokens)
	g.Lexical, g.Wordnet = make([][]float32, rows), make([][]float32, rows)
	g.Cosine, g.Soft = make([][]float32, rows), make([][]float32, rows)
	flat := make([]float32, (rows+3*len(g.Content))*n)
	row := func() []float32 {
		r := flat[:n:n]
		flat = flat[n:]
		return r
	}
	for i, t := range g.Question.Tokens {
		g.Lexical[i] = row()
		if t.Is(Function) {
			if j, ok := b.index[t.Text]; ok {
				g.Lexical[i][j] = 1
			}
			g.Soft[i] = g.Lexical[i]
		}
	}
	byLemma := make(map[string][]int, n)
	for j, w := range g.Words {
		byLemma[w.Lemma] = append(byLemma[w.Lemma], j)
	}
	for _, i := range g.Content {
		g.Wordnet[i], g.Cosine[i], g.Soft[i] = row(), row(), row()
		b.lexical(i, byLemma)
		b.related(i, byLemma)
		b.similar(i)
		soften(g.Soft[i], g.Lexical[i], g.Wordnet[i], g.Cosine[i])
	}
}

// lexical fills row i by spelling.
func (b *builder) lexical(i int, byLemma map[string][]int) {
	g := b.group
	w, row := g.Question.Tokens[i].Word, g.Lexical[i]
	found := false
	for _, j := range byLemma[w.Lemma] {
		row[j], found = sameLemma, true
	}
	if j, ok := b.index[w.Text]; ok {
		row[j], found = 1, true
	}
	if w.Is(Number) {
		return
	}
	if !found {
		b.compounds(i)
	}
	if len(w.Text) < 5 {
		return
	}
	for j, other := range g.Words {
		switch {
		case row[j] > 0:
		case sharesBeginning(w.Text, other.Text):
			row[j] = sameBeginning
		case !found && len(other.Text) >= 4 && withinOneEdit(w.Text, other.Text):
			row[j] = oneEdit
		}
	}
}

// compounds matches a word that no text holds to the two words that it is made of ("superbowl"), and
// to a word that it makes with its neighbour in the question ("super bowl").
func (b *builder) compounds(i int) {
	g := b.group
	text, row := g.Question.Tokens[i].Text, g.Lexical[i]
	for cut := 3; cut <= len(text)-3; cut++ {
		left, ok := b.index[text[:cut]]
		if right, both := b.index[text[cut:]]; ok && both {
			row[left], row[right] = compound, compound
		}
	}
	if i > 0 {
		if j, ok := b.index[g.Question.Tokens[i-1].Text+text]; ok {
			row[j] = compound
		}
	}
	if i+1 < len(g.Question.Tokens) {
		if j, ok := b.index[text+g.Question.Tokens[i+1].Text]; ok {
			row[j] = compound
		}
	}
}

// related fills row i by WordNet.
func (b *builder) related(i int, byLemma map[string][]int) {
	for lemma, relation := range b.aligner.net.Related(b.group.Question.Tokens[i].Lemma) {
		for _, j := range byLemma[lemma] {
			b.group.Wordnet[i][j] = relationMatch[relation]
		}
	}
}

// similar fills row i by the words' vectors.
func (b *builder) similar(i int) {
	g := b.group
	w := g.Question.Tokens[i].Word
	if w.Rank < 0 {
		return
	}
	v := b.aligner.AppendVector(make([]float32, 0, b.aligner.Dim()), w)
	for j := range g.Words {
		g.Cosine[i][j] = dot(v, g.vectors[j*len(v):(j+1)*len(v)])
	}
}

func soften(soft, lexical, related, cosine []float32) {
	for j := range soft {
		c := min(max((cosine[j]-cosineFrom)/cosineOver, 0), 1)
		soft[j] = max(lexical[j], related[j], c*cosineMost)
	}
}

// dot returns the dot product of two vectors of the same length. The conversions forbid fused
// multiply-adds, so that every machine gets the same sum.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	for len(a) >= 4 {
		s0 += float32(a[0] * b[0])
		s1 += float32(a[1] * b[1])
		s2 += float32(a[2] * b[2])
		s3 += float32(a[3] * b[3])
		a, b = a[4:], b[4:]
	}
	for i, x := range a {
		s0 += float32(x * b[i])
	}
	return s0 + s1 + (s2 + s3)
}

// sharesBeginning reports whether two words begin alike: at least 5 bytes and .65 of the longer one.
func sharesBeginning(a, b string) bool {
	longer := max(len(a), len(b))
	if min(len(a), len(b)) < 5 || a[:5] != b[:5] {
		return false
	}
	n := 5
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 100*n >= 65*longer
}

// withinOneEdit reports whether inserting, deleting or replacing one byte, or exchanging two that are adjacent, makes
// one word of the other.
func withinOneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
