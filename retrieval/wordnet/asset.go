package wordnet

import (
	_ "embed" // holds wordnet.bin
	"errors"
	"fmt"
)

// The layout of wordnet.bin, all numbers little-endian:
//
//	magic       8 bytes   "VWORDN", 0, version
//	count       uint32    entries: lemmas and irregular forms, in byte order
//	slots       uint32    size of the hash table, a power of two
//	textLen     uint32    bytes of all entries together
//	relLen      uint32    bytes of all relations together
//	attrLen     uint32    bytes of the attribution
//	reserved    uint32    0
//	table       slots     uint32s: entry+1 or 0, open addressing by FNV-1a 64 folded to 32 bits, linear probing
//	offsets     count+1   uint32s: where each entry starts in the text
//	bases       count     uint32s: the lemma of each entry, itself for a lemma
//	starts      count+1   uint32s: where the relations of each entry start
//	text        textLen   the entries, UTF-8, one after the other
//	relations   relLen    for each entry, by rising lemma: uvarint of (lemma - last lemma)<<2 | relation
//	attribution attrLen   where the data is from
//
//go:generate go run gen.go -out wordnet.bin
//go:embed wordnet.bin
var wordnetBin string

const (
	magic      = "VWORDN\x00\x01"
	headerSize = len(magic) + 6*4

	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// asset reads an encoded database in place.
type asset struct {
	count, slots                  int
	table, offsets, bases, starts string
	text, related, attribution    string
}

// openAsset checks the header of data and that the sections fill it exactly.
func openAsset(data string) (*asset, error) {
	if len(data) < headerSize || data[:len(magic)] != magic {
		return nil, errors.New("not a word database of this version")
	}
	field := func(i int) int { return int(u32(data, len(magic)+4*i)) }
	a := &asset{count: field(0), slots: field(1)}
	if a.count < 1 || a.slots <= a.count || a.slots&(a.slots-1) != 0 {
		return nil, fmt.Errorf("impossible word database of %d entries, %d slots", a.count, a.slots)
	}
	rest := data[headerSize:]
	for _, s := range []struct {
		section *string
		size    int
	}{
		{&a.table, 4 * a.slots},
		{&a.offsets, 4 * (a.count + 1)},
		{&a.bases, 4 * a.count},
		{&a.starts, 4 * (a.count + 1)},
		{&a.text, field(2)},
		{&a.related, field(3)},
		{&a.attribution, field(4)},
	} {
		if s.size > len(rest) {
			return nil, fmt.Errorf("word database is cut short at %d bytes", len(data))
		}
		*s.section, rest = rest[:s.size], rest[s.size:]
	}
	if rest != "" {
		return nil, fmt.Errorf("word database has %d bytes too many", len(rest))
	}
	return a, nil
}

// find returns the entry of a folded word, or -1.
func (a *asset) find(word string) int {
	h := uint64(fnvOffset)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * fnvPrime
	}
	mask := a.slots - 1
	for at := int(h^h>>32) & mask; ; at = (at + 1) & mask {
		entry := int(u32(a.table, 4*at)) - 1
		if entry < 0 || a.word(entry) == word {
			return entry
		}
	}
}

func (a *asset) word(entry int) string {
	return a.text[u32(a.offsets, 4*entry):u32(a.offsets, 4*entry+4)]
}

func (a *asset) base(entry int) int { return int(u32(a.bases, 4*entry)) }

// relations calls each with the lemmas related to entry, in byte order.
func (a *asset) relations(entry int, each func(lemma int, r Relation)) {
	list := a.related[u32(a.starts, 4*entry):u32(a.starts, 4*entry+4)]
	last, x, shift := 0, 0, 0
	for i := range len(list) {
		x |= int(list[i]&0x7f) << shift
		if shift += 7; list[i] < 0x80 {
			last += x >> 2
			each(last, Relation(x&3))
			x, shift = 0, 0
		}
	}
}

// u32 reads the number at byte i of s.
func u32(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}
