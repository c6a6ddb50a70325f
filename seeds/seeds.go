// Package seeds holds the five articles that are the corpus until the
// operator has ingested something.
package seeds

import (
	"embed"
	"io/fs"
)

//go:embed *.txt articles.yaml
var files embed.FS

// Files returns the articles and their articles.yaml.
func Files() fs.FS { return files }
