// Package record has the forms in which the catalogue keeps an article: its
// metadata and furniture as JSON, its passages as varints, its vectors as 32-bit
// floats, its raw bytes deflated. They are part of the file format: what one
// version wrote, every later one reads.
package record

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// record is corpus.Info as the catalogue keeps it. Its field names are part
// of the file format.
type record struct {
	Source     string       `json:"source"`
	Server     string       `json:"server,omitempty"`
	Collection string       `json:"collection,omitempty"`
	Given      corpus.Given `json:"given"`
	Title      string       `json:"title,omitempty"`
	Outlet     string       `json:"outlet,omitempty"`
	Agency     string       `json:"agency,omitempty"`
	Author     string       `json:"author,omitempty"`
	Place      string       `json:"place,omitempty"`
	URL        string       `json:"url,omitempty"`
	Language   string       `json:"language,omitempty"`
	Published  corpus.Date  `json:"published,omitempty"`
	Basis      corpus.Basis `json:"basis,omitempty"`
	DateSpan   corpus.Span  `json:"published_span,omitzero"`
	Days       []day        `json:"days,omitempty"`
	Bytes      int          `json:"bytes"`
	BodyHash   string       `json:"body_hash"`
	RawHash    string       `json:"raw_hash"`
}

type day struct {
	Weekday time.Weekday `json:"weekday"`
	Month   time.Month   `json:"month"`
	Day     int          `json:"day"`
}

// EncodeInfo leaves out an inferred date, which is no part of an article.
func EncodeInfo(i *corpus.Info) ([]byte, error) {
	r := record{i.Source, i.Server, i.Collection, i.Given, i.Title, i.Outlet, i.Agency, i.Author, i.Place, i.URL, i.Language,
		i.Published, i.Basis, i.PublishedSpan, nil, i.Bytes, i.BodyHash, i.RawHash}
	if r.Basis == corpus.BasisInferred {
		r.Published, r.Basis = "", corpus.BasisNone
	}
	for _, d := range i.Days {
		r.Days = append(r.Days, day(d))
	}
	return json.Marshal(r)
}

// DecodeInfo reads what EncodeInfo wrote, of the revision with the ID and that
// many passages.
func DecodeInfo(data []byte, id string, passages int) (corpus.Info, error) {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return corpus.Info{}, err
	}
	i := corpus.Info{ID: id, Source: r.Source, Server: r.Server, Collection: r.Collection, Given: r.Given, Title: r.Title, Outlet: r.Outlet,
		Agency: r.Agency, Author: r.Author, Place: r.Place, URL: r.URL, Language: r.Language, Published: r.Published,
		Basis: r.Basis, PublishedSpan: r.DateSpan, Bytes: r.Bytes, Passages: passages, BodyHash: r.BodyHash, RawHash: r.RawHash}
	for _, d := range r.Days {
		i.Days = append(i.Days, corpus.WeekdayDate(d))
	}
	return i, nil
}

var errPassages = errors.New("passages cannot be read")

// EncodeSpans writes each span as two varints: where it starts, counted from
// the start of the one before, and its length.
func EncodeSpans(spans []corpus.Span) []byte {
	data := []byte{}
	last := 0
	for _, s := range spans {
		data = binary.AppendVarint(data, int64(s.Start-last))
		data = binary.AppendVarint(data, int64(s.Len()))
		last = s.Start
	}
	return data
}

// DecodeSpans reads what EncodeSpans wrote.
func DecodeSpans(data []byte) ([]corpus.Span, error) {
	var spans []corpus.Span
	start := int64(0)
	for len(data) > 0 {
		delta, n := binary.Varint(data)
		length, m := binary.Varint(data[max(n, 0):])
		if n <= 0 || m <= 0 {
			return nil, errPassages
		}
		start += delta
		spans = append(spans, corpus.Span{Start: int(start), End: int(start + length)})
		data = data[n+m:]
	}
	return spans, nil
}

// EncodeVectors writes little-endian 32-bit floats, one vector after the
// other; a passage without a vector has zeros, which no vector is.
func EncodeVectors(vectors [][]float32, size int) []byte {
	data := make([]byte, 0, len(vectors)*size*4)
	for _, v := range vectors {
		for i := range size {
			bits := uint32(0)
			if v != nil {
				bits = math.Float32bits(v[i])
			}
			data = binary.LittleEndian.AppendUint32(data, bits)
		}
	}
	return data
}

// DecodeVectors reads what EncodeVectors wrote; size is the numbers in a vector.
func DecodeVectors(data []byte, passages, size int) ([][]float32, error) {
	if len(data) != passages*size*4 {
		return nil, fmt.Errorf("%d bytes of vectors for %d passages of %d numbers", len(data), passages, size)
	}
	vectors := make([][]float32, passages)
	all := make([]float32, passages*size)
	for i := range vectors {
		v := all[i*size : (i+1)*size : (i+1)*size]
		sum := 0.0
		for j := range v {
			v[j] = math.Float32frombits(binary.LittleEndian.Uint32(data[(i*size+j)*4:]))
			sum += float64(v[j]) * float64(v[j])
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			return nil, fmt.Errorf("vector %d: %w", i, retrieval.ErrVector)
		}
		if sum > 0 {
			vectors[i] = v
		}
	}
	return vectors, nil
}

// Raw bytes are kept after one byte that says how: as the body has them, or
// deflated.
const (
	rawIsBody   = 'b'
	rawDeflated = 'd'
)

// NewDeflater returns what EncodeRaw needs: making one costs more than using it.
func NewDeflater() (*flate.Writer, error) { return flate.NewWriter(nil, flate.BestSpeed) }

// EncodeRaw writes the raw bytes of an article with the given body; nil for none.
func EncodeRaw(deflate *flate.Writer, raw []byte, body string) ([]byte, error) {
	if raw == nil {
		return nil, nil
	}
	if string(raw) == body {
		return []byte{rawIsBody}, nil
	}
	b := bytes.NewBuffer(make([]byte, 0, len(raw)/2))
	b.WriteByte(rawDeflated)
	deflate.Reset(b)
	if _, err := deflate.Write(raw); err != nil {
		return nil, err
	}
	if err := deflate.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// DecodeRaw reads what EncodeRaw wrote.
func DecodeRaw(data []byte, body string) ([]byte, error) {
	if len(data) == 0 {
		return nil, nil
	}
	switch data[0] {
	case rawIsBody:
		return []byte(body), nil
	case rawDeflated:
		return io.ReadAll(flate.NewReader(bytes.NewReader(data[1:])))
	}
	return nil, fmt.Errorf("raw bytes of unknown kind %q", data[0])
}

// mark is corpus.Mark as the catalogue keeps it.
type mark struct {
	Start  int           `json:"start"`
	End    int           `json:"end"`
	Reason corpus.Reason `json:"reason"`
}

// EncodeFurniture writes marks as JSON.
func EncodeFurniture(marks []corpus.Mark) ([]byte, error) {
	list := make([]mark, len(marks))
	for i, m := range marks {
		list[i] = mark{m.Start, m.End, m.Reason}
	}
	return json.Marshal(list)
}

// DecodeFurniture reads what EncodeFurniture wrote.
func DecodeFurniture(data []byte) ([]corpus.Mark, error) {
	var list []mark
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, err
	}
	marks := make([]corpus.Mark, len(list))
	for i, m := range list {
		marks[i] = corpus.Mark{Span: corpus.Span{Start: m.Start, End: m.End}, Reason: m.Reason}
	}
	return marks, nil
}

// Damage returns what is wrong with one revision, or "".
func Damage(id string, info, furniture, passages []byte, body string) string {
	if _, err := DecodeFurniture(furniture); err != nil {
		return err.Error()
	}
	spans, err := DecodeSpans(passages)
	if err != nil {
		return err.Error()
	}
	i, err := DecodeInfo(info, id, len(spans))
	if err != nil {
		return err.Error()
	}
	if i.BodyHash != "" && corpus.Hash(body) != i.BodyHash {
		return "its body is not the one that was stored"
	}
	a := corpus.Article{Info: i, Body: body}
	for _, span := range spans {
		if _, err := a.Text(span); err != nil {
			return err.Error()
		}
	}
	return ""
}
