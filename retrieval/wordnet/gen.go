//go:build ignore

// Gen makes wordnet.bin from the database files of WordNet 3.0 and the list of
// words of the built-in word vectors. The layout is described in asset.go. The same input
// gives the same bytes.
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/fnv"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const attribution = "WordNet 3.0, Copyright 2006 by Princeton University. All rights reserved. " +
	"Free to use, copy, modify and distribute with this notice; see ATTRIBUTION.md."

// senses is how many synsets of a lemma and part of speech are read, the most frequent first.
const senses = 5

// The relations, as wordnet.go numbers them.
const (
	synonym = iota
	derived
	near
	antonym
)

var parts = []struct{ file, tag string }{{"noun", "n"}, {"verb", "v"}, {"adj", "a"}, {"adv", "r"}}

func main() {
	log.SetFlags(0)
	dict := flag.String("dict", "/usr/share/wordnet", "`folder` with WordNet's data, index and exception files")
	vectors := flag.String("vectors", "../embed/vectors.bin", "`file` of word vectors whose words are kept")
	out := flag.String("out", "wordnet.bin", "`file` to write")
	flag.Parse()
	if err := run(*dict, *vectors, *out); err != nil {
		log.Fatal(err)
	}
}

func run(dict, vectors, out string) error {
	known, err := readWords(vectors)
	if err != nil {
		return err
	}
	d := &database{synsets: map[string]*synset{}, index: map[string][]string{}, exceptions: map[string]string{}}
	for _, p := range parts {
		if err := d.read(dict, p.file, p.tag); err != nil {
			return fmt.Errorf("read WordNet's %s files: %w", p.file, err)
		}
	}
	return os.WriteFile(out, d.encode(known), 0o644)
}

// readWords returns the words of a table of word vectors.
func readWords(name string) ([]string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	field := func(i int) int { return int(binary.LittleEndian.Uint32(b[8+4*i:])) }
	count, dim, slots := field(0), field(1), field(2)
	offsets := b[8+6*4+3*8+4*dim+4*slots:]
	text := offsets[4*(count+1)+count*(4+dim):]
	var list []string
	for i := range count {
		from, to := binary.LittleEndian.Uint32(offsets[4*i:]), binary.LittleEndian.Uint32(offsets[4*i+4:])
		list = append(list, string(text[from:to]))
	}
	return list, nil
}

type pointer struct{ symbol, target string }

type synset struct {
	words    []string
	pointers []pointer
}

type database struct {
	synsets    map[string]*synset  // by part of speech and offset
	index      map[string][]string // the keys of a lemma's synsets
	exceptions map[string]string   // irregular form -> lemma
}

func lines(name string, each func(fields []string)) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if !strings.HasPrefix(s.Text(), " ") { // the licence
			text, _, _ := strings.Cut(s.Text(), " | ")
			each(strings.Fields(text))
		}
	}
	return s.Err()
}

func (d *database) read(dict, file, tag string) error {
	if err := lines(filepath.Join(dict, "data."+file), func(f []string) { d.synset(tag, f) }); err != nil {
		return err
	}
	err := lines(filepath.Join(dict, "index."+file), func(f []string) {
		n, _ := strconv.Atoi(f[2])
		k, _ := strconv.Atoi(f[3])
		for _, offset := range f[6+k : 6+k+min(n, senses)] {
			d.index[f[0]] = append(d.index[f[0]], tag+offset)
		}
	})
	if err != nil {
		return err
	}
	return lines(filepath.Join(dict, file+".exc"), func(f []string) {
		if len(f) > 1 && d.exceptions[f[0]] == "" {
			d.exceptions[f[0]] = f[1]
		}
	})
}

// synset reads a line of a data file.
func (d *database) synset(tag string, f []string) {
	s := &synset{}
	n, _ := strconv.ParseInt(f[3], 16, 32)
	at := 4
	for range n {
		word, _, _ := strings.Cut(f[at], "(")
		s.words = append(s.words, strings.ToLower(word))
		at += 2
	}
	m, _ := strconv.Atoi(f[at])
	at++
	for range m {
		part := f[at+2]
		if part == "s" {
			part = "a"
		}
		s.pointers = append(s.pointers, pointer{f[at], part + f[at+1]})
		at += 4
	}
	d.synsets[tag+f[0]] = s
}

// sets are the words around a lemma: those of its synsets, of the synsets above and below, of
// those that are derived from or akin to them, and of the opposite ones.
type sets struct{ synonyms, near, derived, antonyms map[string]bool }

func (d *database) sets(lemma string) sets {
	out := sets{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	add := func(set map[string]bool, s *synset) {
		for _, w := range s.words {
			set[w] = true
		}
	}
	for _, key := range d.index[lemma] {
		add(out.synonyms, d.synsets[key])
		for _, p := range d.synsets[key].pointers {
			target := d.synsets[p.target]
			switch p.symbol {
			case "@", "@i":
				add(out.near, target)
				for _, above := range target.pointers {
					if above.symbol == "@" {
						add(out.near, d.synsets[above.target])
					}
				}
			case "~", "~i":
				add(out.near, target)
			case "+", "\\", "&", "=", "*", ">", "<", "^", "$":
				add(out.derived, target)
			case "!":
				add(out.antonyms, target)
			}
		}
	}
	return out
}

// relations returns the relation of each word to lemma. What is derived from a synonym, or a
// synonym of what is derived, is near.
func (d *database) relations(lemma string) map[string]int {
	s := d.sets(lemma)
	out := map[string]int{}
	put := func(words map[string]bool, relation int) {
		for w := range words {
			out[w] = relation
		}
	}
	put(s.antonyms, antonym)
	put(s.near, near)
	for w := range s.derived {
		put(d.sets(w).synonyms, near)
	}
	for w := range s.synonyms {
		put(d.sets(w).derived, near)
	}
	put(s.derived, derived)
	put(s.synonyms, synonym)
	delete(out, lemma)
	return out
}

// encode lays the kept lemmas out as asset.go reads them. Kept are the single words of the index that are
// known, and those that an irregular form or a plain suffix leads to from a known word.
func (d *database) encode(known []string) []byte {
	keep := map[string]bool{}
	for _, w := range known {
		for cut := 0; cut <= min(4, len(w)-2); cut++ {
			for _, end := range []string{"", "e", "y"} {
				if w := w[:len(w)-cut] + end; d.index[w] != nil {
					keep[w] = true
				}
			}
		}
		if base := d.exceptions[w]; d.index[base] != nil && !strings.Contains(base, "_") {
			keep[base] = true
		}
	}
	base := map[string]string{}
	for w := range keep {
		base[w] = w
	}
	for form, lemma := range d.exceptions {
		if keep[lemma] {
			base[form] = lemma
		}
	}
	var entries []string
	for w := range base {
		entries = append(entries, w)
	}
	slices.Sort(entries)
	id := map[string]uint32{}
	for i, w := range entries {
		id[w] = uint32(i)
	}
	var text, bases, offsets, starts, relations []byte
	le := binary.LittleEndian
	for _, w := range entries {
		offsets, starts = le.AppendUint32(offsets, uint32(len(text))), le.AppendUint32(starts, uint32(len(relations)))
		text, bases = append(text, w...), le.AppendUint32(bases, id[base[w]])
		if keep[w] {
			relations = d.appendRelations(relations, w, id, keep)
		}
	}
	offsets, starts = le.AppendUint32(offsets, uint32(len(text))), le.AppendUint32(starts, uint32(len(relations)))
	table := hashTable(entries)
	out := []byte("VWORDN\x00\x01")
	for _, n := range []int{len(entries), len(table) / 4, len(text), len(relations), len(attribution), 0} {
		out = le.AppendUint32(out, uint32(n))
	}
	return append(slices.Concat(out, table, offsets, bases, starts, text, relations), attribution...)
}

func (d *database) appendRelations(to []byte, lemma string, id map[string]uint32, keep map[string]bool) []byte {
	var list []uint32
	for w, relation := range d.relations(lemma) {
		if keep[w] {
			list = append(list, id[w]<<2|uint32(relation))
		}
	}
	slices.Sort(list)
	last := uint32(0)
	for _, x := range list {
		to = binary.AppendUvarint(to, uint64((x>>2-last)<<2|x&3))
		last = x >> 2
	}
	return to
}

// hashTable is an open-addressing table with linear probing of entry numbers plus one; 0 is an
// empty slot.
func hashTable(entries []string) []byte {
	slots := 1
	for slots < 2*len(entries) {
		slots *= 2
	}
	out := make([]byte, 4*slots)
	for i, w := range entries {
		h := fnv.New64a()
		h.Write([]byte(w))
		sum := h.Sum64()
		at := int(sum^sum>>32) & (slots - 1)
		for binary.LittleEndian.Uint32(out[4*at:]) != 0 {
			at = (at + 1) & (slots - 1)
		}
		binary.LittleEndian.PutUint32(out[4*at:], uint32(i+1))
	}
	return out
}
