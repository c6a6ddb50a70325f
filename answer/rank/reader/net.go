package reader

import "math"

// net is one network.
type net struct {
	h       int // width of all layers
	null    float32
	project linear     // a word's vector
	encodeQ linear     // three tokens of the question
	encodeS linear     // three tokens of the sentence
	attend  linear     // a question's encoding, before it meets the sentence's
	match   [2]float32 // weights of relation and cosine in the attention
	summary linear     // of the question
	ownQ    linear     // comparison of a question's token: what does not depend on the sentence
	pairQ   linear     // and what does
	pairS   linear     // comparison of a sentence's token
	second  linear     // three comparisons of the sentence
	shift   linear     // of second, by the summary
	hidden  linear
	out     linear
}

// asked is a question as a net encodes it.
type asked struct {
	n       int
	encoded []float32 // tokens by h
	keys    []float32 // the same through attend
	own     []float32 // the same through ownQ
	shift   []float32
	rarity  []float32 // by token
	total   float32
}

// vectors gives the centred vector of a word by its rank. It may be kept.
type vectors func(rank int32) []float32

// scratch is the room that a computation needs. It serves one goroutine at a time.
type scratch struct{ x, encoded, compare, attention, aligned, first, second, pooled, hidden []float32 }

// grow returns s with n zeros.
func grow(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n, n+n/2)
	}
	s = s[:n]
	clear(s)
	return s
}

// ask encodes a question.
func (m *net) ask(q Question, vector vectors) *asked {
	h, n := m.h, len(q.Ranks)
	a := &asked{n: n, encoded: make([]float32, n*h), keys: make([]float32, n*h), own: make([]float32, n*h)}
	width := h + QuestionFeatures
	x := make([]float32, (n+2)*width) // a row of zeros before and behind
	for i, rank := range q.Ranks {
		row := x[(i+1)*width:]
		m.word(row[:h], rank, vector)
		copy(row[h:width], q.Features[i*QuestionFeatures:])
		a.rarity = append(a.rarity, q.Features[i*QuestionFeatures])
		a.total += a.rarity[i]
	}
	m.encodeQ.apply(a.encoded, h, x, width, n)
	relu(a.encoded)
	m.attend.apply(a.keys, h, a.encoded, h, n)
	const scale = 7 // as in training
	for i := range a.keys {
		a.keys[i] /= scale
	}
	width = h + QuestionFeatures
	x = make([]float32, n*width)
	for i := range n {
		copy(x[i*width:], a.encoded[i*h:(i+1)*h])
		copy(x[i*width+h:(i+1)*width], q.Features[i*QuestionFeatures:])
	}
	m.ownQ.apply(a.own, h, x, width, n)
	a.shift = m.summarise(a)
	return a
}

// word puts the projection of a word into dst.
func (m *net) word(dst []float32, rank int32, vector vectors) {
	if rank < 0 {
		copy(dst, m.project.bias)
	} else {
		m.project.apply(dst, m.h, vector(rank), 0, 1)
	}
	for i, x := range dst {
		dst[i] = tanh(x)
	}
}

// summarise returns what a question adds to the second layer of its sentences.
func (m *net) summarise(a *asked) []float32 {
	h := m.h
	x := make([]float32, 3*h)
	a.pool(x[:h], x[h:2*h], a.encoded)
	if a.n > 0 {
		copy(x[2*h:], a.encoded[:h])
	}
	summary, shift := make([]float32, h), make([]float32, h)
	m.summary.apply(summary, h, x, 0, 1)
	relu(summary)
	m.shift.apply(shift, h, summary, 0, 1)
	return shift
}

// pool puts the mean of rows weighted by rarity and their maximum into dst. No value of rows is negative.
func (a *asked) pool(mean, most, rows []float32) {
	for i := range a.n {
		row := rows[i*len(mean) : (i+1)*len(mean)]
		for k, x := range row {
			mean[k] += float32(a.rarity[i] * x)
			most[k] = max(most[k], x)
		}
	}
	for k := range mean {
		mean[k] /= a.total + .1
	}
}

// score returns the score of a sentence.
func (m *net) score(q Question, a *asked, p Pair, project func(rank int32) []float32, s *scratch) float32 {
	h, n := m.h, len(p.Ranks)
	width := h + SentenceFeatures
	s.x = grow(s.x, (n+2)*width)
	for j, rank := range p.Ranks {
		row := s.x[(j+1)*width:]
		copy(row[:h], project(rank))
		copy(row[h:width], p.Features[j*SentenceFeatures:])
	}
	s.encoded = grow(s.encoded, n*h)
	m.encodeS.apply(s.encoded, h, s.x, width, n)
	relu(s.encoded)
	m.attention(a, p, s)
	s.pooled = grow(s.pooled, 5*h+OverallFeatures)
	m.compareQuestion(a, p, s)
	m.compareSentence(a, p, s)
	copy(s.pooled[5*h:], p.Overall)
	s.hidden = grow(s.hidden, h+1)
	m.hidden.apply(s.hidden, h, s.pooled, 0, 1)
	relu(s.hidden[:h])
	m.out.apply(s.hidden[h:], 1, s.hidden, 0, 1)
	return s.hidden[h]
}

// attention fills s.attention with the logits of question tokens by sentence tokens.
func (m *net) attention(a *asked, p Pair, s *scratch) {
	h, n := m.h, len(p.Ranks)
	s.attention = grow(s.attention, a.n*n)
	for i := range a.n {
		key, row := a.keys[i*h:(i+1)*h], s.attention[i*n:(i+1)*n]
		for j := range row {
			at := i*n + j
			row[j] = dot(key, s.encoded[j*h:]) + float32(m.match[0]*p.Related[at]) + float32(m.match[1]*p.Cosine[at])
		}
	}
}

// compareQuestion compares each token of the question with what it attends to and pools the comparisons.
func (m *net) compareQuestion(a *asked, p Pair, s *scratch) {
	h, n := m.h, len(p.Ranks)
	width := 2*h + MatchFeatures
	s.compare = grow(s.compare, a.n*width)
	s.aligned = grow(s.aligned, max(h, n, a.n)+h)
	weights, sum := s.aligned[h:h+n], s.aligned[:h]
	for i := range a.n {
		softmax(weights, s.attention[i*n:(i+1)*n])
		clear(sum)
		for j, w := range weights {
			add(sum, w, s.encoded[j*h:])
		}
		row := s.compare[i*width:]
		compare(row, a.encoded[i*h:(i+1)*h], sum)
		copy(row[2*h:width], p.Matches[i*MatchFeatures:])
	}
	s.first = grow(s.first, a.n*h)
	m.pairQ.apply(s.first, h, s.compare, width, a.n)
	for i, x := range a.own {
		s.first[i] = max(0, s.first[i]+x)
	}
	a.pool(s.pooled[:h], s.pooled[h:2*h], s.first)
}

// compareSentence does so with the tokens of the sentence, and passes the comparisons through the second layer.
func (m *net) compareSentence(a *asked, p Pair, s *scratch) {
	h, n := m.h, len(p.Ranks)
	width := 3*h + SentenceFeatures
	s.compare = grow(s.compare, n*width)
	column, weights, sum := make([]float32, a.n), make([]float32, a.n), s.aligned[:h]
	for j := range n {
		for i := range column {
			column[i] = s.attention[i*n+j]
		}
		softmax(weights, column)
		clear(sum)
		for i, w := range weights {
			add(sum, w, a.encoded[i*h:])
		}
		row, own := s.compare[j*width:], s.encoded[j*h:(j+1)*h]
		copy(row, own)
		compare(row[h:], own, sum)
		copy(row[3*h:width], p.Features[j*SentenceFeatures:])
	}
	s.first = grow(s.first, (n+2)*h)
	first := s.first[h : (n+1)*h]
	m.pairS.apply(first, h, s.compare, width, n)
	relu(first)
	s.second = grow(s.second, n*h)
	m.second.apply(s.second, h, s.first, h, n)
	mean, most, later := s.pooled[2*h:3*h], s.pooled[3*h:4*h], s.pooled[4*h:5*h]
	for j := range n {
		for k := range h {
			x := first[j*h+k]
			mean[k] += x
			most[k] = max(most[k], x)
			later[k] = max(later[k], s.second[j*h+k]+a.shift[k])
		}
	}
	for k := range mean {
		mean[k] /= float32(n) + 1
	}
}

// compare puts the products and the absolute differences of two encodings into dst.
func compare(dst, a, b []float32) {
	for k, x := range a {
		dst[k] = x * b[k]
		d := x - b[k]
		dst[len(a)+k] = max(d, -d)
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1 float32
	k := 0
	for ; k+2 <= len(a); k += 2 {
		s0 += float32(a[k] * b[k])
		s1 += float32(a[k+1] * b[k+1])
	}
	if k < len(a) {
		s0 += float32(a[k] * b[k])
	}
	return s0 + s1
}

func relu(x []float32) {
	for i, v := range x {
		x[i] = max(0, v)
	}
}

// softmax puts the softmax of logits into dst.
func softmax(dst, logits []float32) {
	top := float32(math.Inf(-1))
	for _, x := range logits {
		top = max(top, x)
	}
	var sum float32
	for i, x := range logits {
		dst[i] = exp(x - top)
		sum += dst[i]
	}
	for i := range logits {
		dst[i] /= sum
	}
}
