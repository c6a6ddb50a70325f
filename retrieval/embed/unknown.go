package embed

import "math"

// Unknown says what a word without a vector, most often a name, adds to a text.
type Unknown int

const (
	UnknownDefault Unknown = iota // what the ablation in the package comment favours
	UnknownNothing                // it is left out
	UnknownHashed                 // a fixed pseudo-random vector: equal only to itself
	UnknownNGrams                 // the mean of the hashed vectors of its character 3- to 5-grams: close to its spellings
)

// unknownNorm is the length of an unknown word's vector before its weight: about that
// of the rare words in the table.
const unknownNorm = 5

// addUnknown adds weight times the stand-in vector of word to dst.
func addUnknown(dst []float32, word []byte, hash uint64, kind Unknown, weight float32) {
	switch kind {
	case UnknownHashed:
		addHashed(dst, hash, weight*unknownNorm)
	case UnknownNGrams:
		addNGrams(dst, word, weight*unknownNorm)
	}
}

// addNGrams adds the hashed vectors of the 3- to 5-byte parts of "<word>", together about norm long.
func addNGrams(dst []float32, word []byte, norm float32) {
	const longest = 64 // bytes of a word that count: bounds the work on hostile text
	word = word[:min(len(word), longest)]
	var padded [longest + 2]byte
	n := 1 + copy(padded[1:], word) + 1
	padded[0], padded[n-1] = '<', '>'
	parts := 0
	for size := 3; size <= 5; size++ {
		parts += max(0, n-size+1)
	}
	if parts == 0 {
		return
	}
	each := norm / sqrt32(float32(parts))
	for size := 3; size <= 5; size++ {
		for i := 0; i+size <= n; i++ {
			addHashed(dst, hashWord(padded[i:i+size]), each)
		}
	}
}

// addHashed adds a vector of about the length norm whose direction is drawn by splitmix64 from hash.
func addHashed(dst []float32, hash uint64, norm float32) {
	const rms = 73.9 // of a uniform int8
	scale := norm / (rms * sqrt32(float32(len(dst))))
	var bits uint64
	for i := range dst {
		if i%8 == 0 {
			hash += 0x9e3779b97f4a7c15
			bits = (hash ^ hash>>30) * 0xbf58476d1ce4e5b9
			bits = (bits ^ bits>>27) * 0x94d049bb133111eb
			bits ^= bits >> 31
		}
		dst[i] += float32(scale * float32(int8(bits)))
		bits >>= 8
	}
}

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }
