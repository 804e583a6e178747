package deltalog

// action is one line of a commit. Actions that this package does not write are ignored: they change neither the files nor their columns.
type action struct {
	CommitInfo any       `json:"commitInfo,omitempty"` // a commitInfo, or what another program wrote: the protocol asks for nothing in it
	Protocol   *protocol `json:"protocol,omitempty"`
	MetaData   *metaData `json:"metaData,omitempty"`
	Add        *add      `json:"add,omitempty"`
	Remove     *remove   `json:"remove,omitempty"`
}

// commitInfo says for people what a commit is of.
type commitInfo struct {
	Timestamp  int64             `json:"timestamp"` // milliseconds since 1970, as are all times in a log
	Operation  string            `json:"operation"`
	Parameters map[string]string `json:"operationParameters"`
	EngineInfo string            `json:"engineInfo"`
}

type protocol struct {
	MinReaderVersion int32 `json:"minReaderVersion"`
	MinWriterVersion int32 `json:"minWriterVersion"`
}

type metaData struct {
	ID               string            `json:"id"`
	Name             string            `json:"name,omitempty"`
	Format           format            `json:"format"`
	SchemaString     string            `json:"schemaString"`
	PartitionColumns []string          `json:"partitionColumns"`
	Configuration    map[string]string `json:"configuration"`
	CreatedTime      int64             `json:"createdTime"`
}

type format struct {
	Provider string            `json:"provider"`
	Options  map[string]string `json:"options"`
}

type add struct {
	Path             string            `json:"path"`
	PartitionValues  map[string]string `json:"partitionValues"`
	Size             int64             `json:"size"`
	ModificationTime int64             `json:"modificationTime"`
	DataChange       bool              `json:"dataChange"`
	Stats            string            `json:"stats"`
	Tags             map[string]string `json:"tags"`
}

type remove struct {
	Path              string `json:"path"`
	DeletionTimestamp int64  `json:"deletionTimestamp"`
	DataChange        bool   `json:"dataChange"`
}
