//go:build ignore

// Inputs writes what the neural reader reads of questions and sentences, as arrays, for train.py: so
// that training and answering see the same by construction.
//
//	go run inputs.go -out DIR/squad -pairs pairs.jsonl.gz     questions with candidate sentences, to pretrain on
//	go run inputs.go -out DIR/natural -dump natural.jsonl     the real candidates, written by verbatim eval --dump
//
// Each run writes OUT.jsonl, one object a question, and OUT.bin, the arrays of each question one after
// the other (the object's offset says where): the ranks of the question's tokens as int32s, its features as bytes
// of 1/255; then for each sentence its ranks, features, matches, relations, cosines and overall features.
package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/answer/rank/align"
	"verbatim/answer/rank/reader"
	"verbatim/retrieval/wordnet"
)

// item is a question with its candidates.
type item struct {
	Set, ID    string
	question   string
	candidates []align.Candidate
	Right      []bool
	Sentences  []place `json:",omitempty"`
}

// place says where a candidate stands.
type place struct {
	Article    string
	Start, End int
}

// row is the object that is written for an item.
type row struct {
	Set, ID   string
	Offset    int64
	Question  int   // tokens
	Lengths   []int // tokens of each sentence
	Right     []bool
	Lexical   []float32 // coverage of each sentence
	Sentences []place   `json:",omitempty"`
}

func main() {
	log.SetFlags(0)
	out := flag.String("out", "", "`prefix` of the files to write")
	pairs := flag.String("pairs", "", "`file` of questions with sentences, gzipped JSON Lines")
	dump := flag.String("dump", "", "`file` that eval --dump wrote")
	paraphrase := flag.Bool("paraphrase", false, "exchange words of the questions of -pairs for synonyms")
	seed := flag.Uint64("seed", 1, "`number` that the random choices follow from")
	flag.Parse()
	if err := run(*out, *pairs, *dump, *paraphrase, *seed); err != nil {
		log.Fatal(err)
	}
}

func run(out, pairs, dump string, paraphrase bool, seed uint64) error {
	aligner, err := align.New()
	if err != nil {
		return err
	}
	var items []item
	if dump != "" {
		items, err = readDump(dump)
	} else {
		items, err = readPairs(pairs, rand.New(rand.NewPCG(seed, 1)), paraphrase)
	}
	if err != nil {
		return err
	}
	return write(out, aligner, items)
}

func lines(name string, each func(data []byte) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<28)
	for s.Scan() {
		if err := each(s.Bytes()); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	return s.Err()
}

// readDump reads the real candidates.
func readDump(name string) ([]item, error) {
	var items []item
	err := lines(name, func(data []byte) error {
		var q struct {
			File, ID, Question string
			Sentences          []struct {
				Article, Title, Text, Previous, Next string
				Span                                 [2]int
				Right                                bool
			}
		}
		if err := json.Unmarshal(data, &q); err != nil {
			return err
		}
		x := item{Set: q.File, ID: q.ID, question: q.Question}
		for _, s := range q.Sentences {
			x.candidates = append(x.candidates, align.Candidate{Sentence: s.Text, Previous: s.Previous, Next: s.Next, Title: s.Title})
			x.Right = append(x.Right, s.Right)
			x.Sentences = append(x.Sentences, place{s.Article, s.Span[0], s.Span[1]})
		}
		items = append(items, x)
		return nil
	})
	return items, err
}

// pair is a line of the file of questions with sentences.
type pair struct {
	Set, Question, Title string
	Sentences            []string
	Right                []int
}

// around is how many questions before and after lend their sentences as further wrong ones: the questions
// of an article follow each other, so that these are of the same article.
const around = 40

// own and others are how many wrong sentences are taken from the question's own paragraph and from others.
const own, others = 9, 6

func readPairs(name string, random *rand.Rand, paraphrase bool) ([]item, error) {
	var list []pair
	err := lines(name, func(data []byte) error {
		var p pair
		err := json.Unmarshal(data, &p)
		list = append(list, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	caser := newCaser(list)
	var synonyms *paraphraser
	if paraphrase {
		if synonyms, err = newParaphraser(); err != nil {
			return nil, err
		}
	}
	var items []item
	for i, p := range list {
		x := item{Set: p.Set, ID: fmt.Sprintf("%s-%d", p.Set, i), question: p.Question}
		if synonyms != nil {
			if x.question = synonyms.question(p, random); x.question == "" {
				continue
			}
		}
		cased := p.Set == "squad"
		alone := p.Set == "squad" || p.Set == "qamr"
		for _, s := range choose(list, i, random) {
			c := align.Candidate{Sentence: s.text}
			if !alone {
				c.Title = p.Title
				if s.index > 0 {
					c.Previous = p.Sentences[s.index-1]
				}
				if s.index >= 0 && s.index+1 < len(p.Sentences) {
					c.Next = p.Sentences[s.index+1]
				}
			}
			if cased {
				c.Sentence = caser.write(c.Sentence)
			}
			x.candidates = append(x.candidates, c)
			x.Right = append(x.Right, s.index >= 0 && slices.Contains(p.Right, s.index))
		}
		if len(x.candidates) >= 3 {
			items = append(items, x)
		}
	}
	return items, nil
}

// chosen is a sentence with its index in its question, or -1 if it is another question's.
type chosen struct {
	text  string
	index int
}

// choose returns the right sentences of question i, wrong ones of its paragraph, and those sentences
// of the questions around it that share most with the question, in random order.
func choose(list []pair, i int, random *rand.Rand) []chosen {
	p := list[i]
	var out, wrong []chosen
	seen := map[string]bool{}
	for k, s := range p.Sentences {
		seen[s] = true
		if slices.Contains(p.Right, k) {
			out = append(out, chosen{s, k})
		} else {
			wrong = append(wrong, chosen{s, k})
		}
	}
	asked := map[string]bool{}
	for w := range strings.FieldsSeq(p.Question) {
		if len(w) > 3 {
			asked[strings.ToLower(strings.Trim(w, "?.,'\""))] = true
		}
	}
	rank := func(list []chosen, n int) []chosen {
		score := map[string]float64{}
		for _, c := range list {
			for w := range strings.FieldsSeq(c.text) {
				if asked[strings.ToLower(strings.Trim(w, "?.,'\""))] {
					score[c.text]++
				}
			}
			score[c.text] += random.Float64()
		}
		slices.SortStableFunc(list, func(a, b chosen) int { return cmp.Compare(score[b.text], score[a.text]) })
		return list[:min(n, len(list))]
	}
	var foreign []chosen
	for k := max(0, i-around); k < min(len(list), i+around+1); k++ {
		if list[k].Set != p.Set || list[k].Question == p.Question {
			continue
		}
		for _, s := range list[k].Sentences {
			if !seen[s] {
				seen[s] = true
				foreign = append(foreign, chosen{s, -1})
			}
		}
	}
	out = slices.Concat(out, rank(wrong, own), rank(foreign, others))
	random.Shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
	return out
}

// caser gives lower-cased texts the capitals that their words most often have elsewhere.
type caser struct {
	net    *wordnet.Net
	counts map[string][2]int // inside sentences: with a capital, all
}

func newCaser(list []pair) *caser {
	net, err := wordnet.New()
	if err != nil {
		log.Fatal(err)
	}
	c := &caser{net, map[string][2]int{}}
	for _, p := range list {
		if p.Set == "squad" {
			continue
		}
		for _, s := range p.Sentences {
			for i, w := range strings.Fields(s) {
				w = strings.Trim(w, ".,;:()\"'`")
				if i == 0 || w == "" {
					continue
				}
				n := c.counts[strings.ToLower(w)]
				if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) {
					n[0]++
				}
				n[1]++
				c.counts[strings.ToLower(w)] = n
			}
		}
	}
	return c
}

func (c *caser) write(text string) string {
	list := strings.Fields(text)
	for i, w := range list {
		bare := strings.Trim(w, ".,;:()\"'`")
		n := c.counts[bare]
		name := 10*n[0] >= 7*n[1] && n[1] > 0 || n[1] == 0 && !c.net.Known(c.net.Lemma(bare))
		if bare != "" && (i == 0 || name) {
			at := strings.Index(w, bare)
			r, size := utf8.DecodeRuneInString(bare)
			list[i] = w[:at] + string(unicode.ToUpper(r)) + w[at+size:]
		}
	}
	return strings.Join(list, " ")
}

// paraphraser exchanges words of a question for synonyms, since people ask in other words than the articles'.
type paraphraser struct {
	net     *wordnet.Net
	aligner *align.Aligner
}

func newParaphraser() (*paraphraser, error) {
	net, err := wordnet.New()
	if err != nil {
		return nil, err
	}
	aligner, err := align.New()
	return &paraphraser{net, aligner}, err
}

// question returns p's question with one or two of its words exchanged, or "" if none can be.
func (s *paraphraser) question(p pair, random *rand.Rand) string {
	g := s.aligner.Group(p.Question, []align.Candidate{{Sentence: strings.Join(p.Sentences, " ")}})
	text := p.Question
	done := 0
	for _, k := range random.Perm(len(g.Content)) {
		i := g.Content[k]
		t := g.Question.Tokens[i]
		if slices.Contains(g.Names, i) || t.Is(align.Number) || done == 2 || !strings.Contains(text, p.Question[t.Start:t.End]) {
			continue
		}
		var options []string
		for other, relation := range s.net.Related(t.Lemma) {
			if relation > wordnet.Derived {
				continue
			}
			// Only words whose vectors are alike share the sense that is asked about.
			o := s.aligner.Group(t.Lemma, []align.Candidate{{Sentence: other}})
			if len(o.Words) == 1 && o.Words[0].Rank >= 0 && o.Words[0].Rank < 25000 && o.Cosine[0] != nil && o.Cosine[0][0] > .45 {
				options = append(options, other)
			}
		}
		if len(options) > 0 {
			text = strings.Replace(text, p.Question[t.Start:t.End], options[random.IntN(len(options))], 1)
			done++
		}
	}
	if done == 0 {
		return ""
	}
	return text
}

// write computes the inputs on all cores and writes them in order.
func write(out string, aligner *align.Aligner, items []item) error {
	meta, err := os.Create(out + ".jsonl")
	if err != nil {
		return err
	}
	defer meta.Close()
	arrays, err := os.Create(out + ".bin")
	if err != nil {
		return err
	}
	defer arrays.Close()
	mw, aw := bufio.NewWriter(meta), bufio.NewWriterSize(arrays, 1<<20)
	enc := json.NewEncoder(mw)
	type result struct {
		row  row
		data []byte
	}
	slots := make([]chan result, len(items))
	for i := range slots {
		slots[i] = make(chan result, 1)
	}
	limit := make(chan struct{}, runtime.GOMAXPROCS(0))
	go func() {
		for i, x := range items {
			limit <- struct{}{}
			go func() {
				r, data := encode(aligner, x)
				slots[i] <- result{r, data}
				<-limit
			}()
		}
	}()
	offset := int64(0)
	for i := range items {
		r := <-slots[i]
		r.row.Offset = offset
		offset += int64(len(r.data))
		if err := enc.Encode(r.row); err != nil {
			return err
		}
		if _, err := aw.Write(r.data); err != nil {
			return err
		}
	}
	if err := mw.Flush(); err != nil {
		return err
	}
	return aw.Flush()
}

func encode(aligner *align.Aligner, x item) (row, []byte) {
	q, pairs := reader.Inputs(aligner.Group(x.question, x.candidates))
	r := row{Set: x.Set, ID: x.ID, Question: len(q.Ranks), Right: x.Right, Sentences: x.Sentences}
	var data []byte
	ranks := func(list []int32) {
		for _, n := range list {
			data = binary.LittleEndian.AppendUint32(data, uint32(n))
		}
	}
	bytes := func(list []float32) {
		for _, v := range list {
			if !(v >= 0 && v <= 1.001) {
				log.Fatalf("question %s: an input of %g", x.ID, v)
			}
			data = append(data, byte(min(255, v*255+.5)))
		}
	}
	ranks(q.Ranks)
	bytes(q.Features)
	for _, p := range pairs {
		r.Lengths = append(r.Lengths, len(p.Ranks))
		r.Lexical = append(r.Lexical, p.Overall[0])
		ranks(p.Ranks)
		for _, list := range [][]float32{p.Features, p.Matches, p.Related, p.Cosine, p.Overall} {
			bytes(list)
		}
	}
	return r, data
}
