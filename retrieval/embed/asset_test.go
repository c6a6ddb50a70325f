package embed

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryWordIsFoundAndTokenised(t *testing.T) {
	table, err := openAsset(vectorsBin)
	if err != nil {
		t.Fatal(err)
	}
	for row := range table.count {
		word := table.text[u32(table.offsets, 4*row):u32(table.offsets, 4*row+4)]
		if got := table.find(word, hashWord(word)); got != row {
			t.Fatalf("find(%q) = %d, want %d", word, got, row)
		}
		s := scanner{text: word}
		if !s.next() || string(s.word) != word || s.next() {
			t.Fatalf("the tokenizer does not give %q as one word", word)
		}
	}
}

func TestFrequenciesSumToOne(t *testing.T) {
	table, err := openAsset(vectorsBin)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for row := range table.count {
		sum += table.frequency(row)
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("sum of frequencies %v", sum)
	}
}

// The first components of two words as published, and how far half a step of 8 bits may lie.
func TestQuantisationError(t *testing.T) {
	e := newTest(t, Options{})
	for word, want := range publishedVectors() {
		got, ok := e.Vector(word)
		if !ok {
			t.Fatalf("%q is unknown", word)
		}
		largest := 0.0
		for _, x := range got {
			largest = max(largest, math.Abs(float64(x)))
		}
		for i, x := range want {
			if diff := math.Abs(x - float64(got[i])); diff > largest/127/2*1.0001 {
				t.Errorf("%s[%d] = %v, published %v: off by more than half a step", word, i, got[i], x)
			}
		}
	}
}

func TestOpenAssetRejectsDamage(t *testing.T) {
	set := func(at int, value uint32) string {
		b := []byte(vectorsBin)
		binary.LittleEndian.PutUint32(b[at:], value)
		return string(b)
	}
	n := len(magic)
	for name, data := range map[string]string{
		"empty":         "",
		"header only":   vectorsBin[:headerSize],
		"cut short":     vectorsBin[:len(vectorsBin)-1],
		"too long":      vectorsBin + "x",
		"other magic":   "X" + vectorsBin[1:],
		"other version": set(4, 0x02000045),
		"no words":      set(n, 0),
		"more words":    set(n, 1<<30),
		"no components": set(n+4, 0),
		"odd slots":     set(n+8, 100_000),
		"longer text":   set(n+12, 1<<31),
		"no frequency":  set(n+24+4, 0xfff00000),
	} {
		if _, err := openAsset(data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "",
		"The U.S. economy":                   "the u s economy",
		"Biden's plan, Biden’s plans":        "biden plan biden plans",
		"They don't; it couldn’t, we'll see": "they do it could we see",
		"O'Brien and L'Oréal":                "o brien and l oreal",
		"the dogs' 'tail'":                   "the dogs tail",
		"São Paulo, Kraków; S\u0303ao":       "sao paulo krakow sao",
		"ÉCOLE İstanbul":                     "ecole istanbul",
		"co\u00adop 1,037 F-16s $5":          "coop 1 037 f 16s 5",
		"Київ 北京":                            "киів 北京",
		"a\xffb\x00c":                        "a b c",
		"n't can't":                          "n ca",
	} {
		var got []string
		for s := (scanner{text: text}); s.next(); {
			got = append(got, string(s.word))
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
	}
}

func publishedVectors() map[string][]float64 {
	return map[string][]float64{
		"king":       {-0.32307, -0.87616, 0.21977, 0.25268, 0.22976, 0.7388, -0.37954, -0.35307, -0.84369, -1.1113, -0.30266, 0.33178},
		"border":     {-0.33167, -0.91343, 0.54127, 0.30036, 0.10173, -0.17719, -0.80403, 0.55087, 0.67744, 0.32766, -0.87767, -0.014334},
		"earthquake": {-0.093032, 1.6301, 0.36645, 0.29015, -0.81781, -0.46611, 0.037282, 0.13208, 0.13661, 1.2091, 0.81466, -0.12874},
	}
}
