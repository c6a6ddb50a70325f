package record

import (
	"bytes"
	"slices"
	"testing"

	"verbatim/retrieval/corpus"
)

func FuzzSpans(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 26, 30, 30})
	f.Add([]byte{0x80})
	f.Add(bytes.Repeat([]byte{0xff}, 11))
	f.Fuzz(func(t *testing.T, data []byte) {
		spans, err := DecodeSpans(data)
		if err != nil {
			return
		}
		again, err := DecodeSpans(EncodeSpans(spans))
		if err != nil || !slices.Equal(again, spans) {
			t.Errorf("%v became %v, %v", spans, again, err)
		}
	})
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte(`{"source":"a","days":[{"weekday":0,"month":7,"day":4}]}`))
	f.Add([]byte(`{"given":{"published":"2021-07-04"},"basis":"inferred","published":"2021-07-04"}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := DecodeInfo(data, "a", 1)
		if err != nil {
			return
		}
		encoded, err := EncodeInfo(&info)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeInfo(encoded, "a", 1)
		if err != nil || again.Source != info.Source || len(again.Days) != len(info.Days) || again.Basis == corpus.BasisInferred {
			t.Errorf("%+v became %+v, %v", info, again, err)
		}
	})
}

func FuzzRaw(f *testing.F) {
	f.Add([]byte("dam"), "dam")
	f.Add([]byte("\xef\xbb\xbfdam"), "dam")
	f.Add([]byte{}, "")
	f.Fuzz(func(t *testing.T, raw []byte, body string) {
		if _, err := DecodeRaw(raw, body); err != nil && len(raw) == 0 {
			t.Errorf("no raw bytes: %v", err)
		}
		deflate, err := NewDeflater()
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := EncodeRaw(deflate, raw, body)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeRaw(encoded, body)
		if err != nil || !bytes.Equal(again, raw) {
			t.Errorf("%q became %q, %v", raw, again, err)
		}
	})
}
