package load

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"verbatim/retrieval/corpus"
)

const templateHead = `# What is known about the articles in this folder. It outranks what the texts say.
# Below is what was found in them: correct a line or fill one in, remove its "# ",
# and ingest the folder again.
`

// WriteMetadata writes an articles.yaml into dir that lists the files with what
// was found about each, commented out, so that it changes nothing until somebody
// edits it. Files are names in dir. An existing articles.yaml is left alone, with
// fs.ErrExist.
func WriteMetadata(dir string, files map[string]corpus.Info) (err error) {
	var b strings.Builder
	b.WriteString(templateHead)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		key, err := scalar(name)
		if err != nil {
			return err
		}
		b.WriteString("\n" + key + ":\n")
		info := files[name]
		for _, f := range []struct{ key, value string }{
			{"title", info.Title}, {"outlet", info.Outlet}, {"agency", info.Agency}, {"author", info.Author},
			{"published", string(info.Published)}, {"url", info.URL},
		} {
			value, err := scalar(f.value)
			if err != nil {
				return err
			}
			b.WriteString(strings.TrimRight("  # "+f.key+": "+value, " ") + "\n")
		}
	}
	path := filepath.Join(dir, articlesFile)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.WriteString(b.String())
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// scalar writes s as a YAML value on one line, "" as nothing.
func scalar(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsAny(s, "\n\r\t") {
		node.Style = yaml.DoubleQuotedStyle
	}
	data, err := yaml.Marshal(node)
	text := strings.TrimSuffix(string(data), "\n")
	if err == nil && strings.Contains(text, "\n") {
		text = fmt.Sprintf("%q", s)
	}
	if err != nil {
		return "", fmt.Errorf("write %q as YAML: %w", s, err)
	}
	return text, nil
}
