package embed

import (
	"math"
	"testing"
)

func TestCentred(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	vector := func(word string) []float32 {
		rank, ok := e.Rank(word)
		if !ok || rank < 0 || rank >= e.Words() {
			t.Fatalf("rank of %q: %d, %t", word, rank, ok)
		}
		v := e.AppendCentred([]float32{7}, rank)
		if v[0] != 7 || len(v) != 1+e.Dim() {
			t.Fatalf("%q: %d components, the first %g", word, len(v), v[0])
		}
		if v = v[1:]; math.Abs(dot(v, v)-1) > 1e-5 {
			t.Errorf("%q: squared length %g", word, dot(v, v))
		}
		return v
	}
	buy, purchase, glacier := vector("buy"), vector("purchase"), vector("glacier")
	if near, far := dot(buy, purchase), dot(buy, glacier); near < .6 || far > .3 {
		t.Errorf("buy and purchase %.2f, buy and glacier %.2f", near, far)
	}
	if rank, ok := e.Rank("qqqqqq"); ok {
		t.Errorf("an unknown word has rank %d", rank)
	}
	if rank, _ := e.Rank("the"); rank != 0 {
		t.Errorf("rank of the: %d", rank)
	}
}
