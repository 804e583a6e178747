package rulebook

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"partnerscore/scoring"
)

// Encode returns complete rules as a rulebook file that extends nothing. Loading it gives an equal rulebook.
func Encode(r *scoring.Rulebook) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(tree(r)); err != nil {
		return nil, fmt.Errorf("write rulebook %s: %w", r.ID, err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("write rulebook %s: %w", r.ID, err)
	}
	return out.Bytes(), nil
}

// tree returns complete rules as YAML.
func tree(r *scoring.Rulebook) *yaml.Node { return encoded(reflect.ValueOf(*fileOf(r))) }

// encoded returns the node that decoder reads as this value.
func encoded(v reflect.Value) *yaml.Node {
	switch v := v.Interface().(type) {
	case string:
		return scalarNode("!!str", v)
	case int64:
		return scalarNode("!!int", strconv.FormatInt(v, 10))
	case scoring.USD:
		return scalarNode("", v.Plain()) // the decimals decide whether it reads as an integer
	case time.Time:
		return scalarNode("!!timestamp", v.Format(time.DateOnly))
	case []string:
		return listNode(v)
	}
	if v.Kind() == reflect.Pointer {
		return encoded(v.Elem())
	}
	mapping := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			mapping.Content = append(mapping.Content, scalarNode("!!str", v.Index(i).FieldByName("ID").String()), encoded(v.Index(i)))
		}
		return mapping
	}
	for _, f := range fieldsOf(v.Type()) {
		if value := v.FieldByIndex(f.index); !f.optional || !value.IsZero() {
			mapping.Content = append(mapping.Content, scalarNode("!!str", f.key), encoded(value))
		}
	}
	return mapping
}

// listNode returns a list, on one line where its items are ids or codes.
func listNode(labels []string) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if !slices.ContainsFunc(labels, func(s string) bool { return strings.Contains(s, " ") }) {
		list.Style = yaml.FlowStyle
	}
	for _, label := range labels {
		list.Content = append(list.Content, scalarNode("!!str", label))
	}
	return list
}

func scalarNode(tag, text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}
