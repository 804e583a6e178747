package main

// service is one entry of Azure's service catalogue: its second level, the family above it, two groups of meters below
// it, and the kind of resource that bills it. An empty kind bills without a resource id.
type service struct {
	family, name   string
	meterA, meterB string
	kind           string
}

// popularServices is how many services at the head of the catalogue nearly every tenant uses.
const popularServices = 6

// metersPerService is how many combinations of levels 3 and 4 a service has.
const metersPerService = 4

// catalogue lists the services by how common they are. The two services that are no deployment come first, the service
// that is none at all ("Unknown") last.
func catalogue() []service { return append(commonServices(), rarerServices()...) }

func commonServices() []service {
	return []service{
		{"Compute", "Virtual Machines", "Dv5 Series", "Ev5 Series", "microsoft.compute/virtualmachines"},
		{"Storage", "Storage", "Standard SSD Managed Disks", "Hot Block Blob", "microsoft.storage/storageaccounts"},
		{"Compute", "Virtual Machines Licenses", "Windows Server", "SQL Server Enterprise", "microsoft.compute/virtualmachines"},
		{"Networking", "Virtual Network", "IP Addresses", "Private Link", "microsoft.network/virtualnetworks"},
		{"Networking", "Bandwidth", "Inter-Region", "Internet Egress", ""},
		{"Management", "Azure Monitor", "Metrics", "Alerts", "microsoft.insights/components"},
		{"Management", "Log Analytics", "Data Ingestion", "Data Retention", "microsoft.operationalinsights/workspaces"},
		{"Storage", "Backup", "Protected Instances", "LRS Data Stored", "microsoft.recoveryservices/vaults"},
		{"Databases", "SQL Database", "General Purpose vCore", "Single DTU", "microsoft.sql/servers"},
		{"Compute", "Azure App Service", "Premium v3 Plan", "Basic Plan", "microsoft.web/serverfarms"},
		{"Security", "Key Vault", "Operations", "Managed HSM", "microsoft.keyvault/vaults"},
		{"Security", "Microsoft Defender for Cloud", "Servers Plan 2", "Storage Plan", ""},
		{"Networking", "VPN Gateway", "VpnGw2", "VpnGw1AZ", "microsoft.network/virtualnetworkgateways"},
		{"Networking", "Load Balancer", "Standard Rules", "Data Processed", "microsoft.network/loadbalancers"},
		{"Networking", "Application Gateway", "WAF v2", "Standard v2", "microsoft.network/applicationgateways"},
		{"Compute", "Functions", "Execution Time", "Premium Plan", "microsoft.web/sites"},
		{"Containers", "Azure Kubernetes Service", "Uptime SLA", "Standard Tier", "microsoft.containerservice/managedclusters"},
		{"Containers", "Container Registry", "Premium Registry", "Standard Registry", "microsoft.containerregistry/registries"},
		{"Security", "Sentinel", "Analysis", "Commitment Tier", "microsoft.operationalinsights/workspaces"},
		{"Analytics", "Azure Data Factory v2", "Pipeline Activity", "Data Flow", "microsoft.datafactory/factories"},
		{"Analytics", "Azure Databricks", "Premium All-purpose", "Jobs Compute", "microsoft.databricks/workspaces"},
		{"Databases", "SQL Managed Instance", "General Purpose", "Business Critical", "microsoft.sql/managedinstances"},
		{"Databases", "Cosmos DB", "Request Units", "Data Stored", "microsoft.documentdb/databaseaccounts"},
		{"Databases", "PostgreSQL", "Flexible Server General", "Flexible Server Storage", "microsoft.dbforpostgresql/flexibleservers"},
		{"Databases", "Azure Database for MySQL", "Flexible Server Burstable", "Flexible Server Storage", "microsoft.dbformysql/flexibleservers"},
		{"Databases", "Redis Cache", "Standard C2", "Premium P1", "microsoft.cache/redis"},
		{"Desktop", "Windows Virtual Desktop", "Session Host Access", "App Attach", "microsoft.desktopvirtualization/hostpools"},
		{"Networking", "Azure Firewall", "Premium Deployment", "Data Processed", "microsoft.network/azurefirewalls"},
	}
}

func rarerServices() []service {
	return []service{
		{"Networking", "ExpressRoute", "Metered Data", "Gateway ErGw2AZ", "microsoft.network/expressroutecircuits"},
		{"Networking", "Azure DNS", "Public Zones", "Private Queries", "microsoft.network/dnszones"},
		{"Networking", "Azure Front Door Service", "Premium Base", "Requests", "microsoft.cdn/profiles"},
		{"Networking", "Content Delivery Network", "Zone 1 Egress", "Rules Engine", "microsoft.cdn/profiles"},
		{"Networking", "NAT Gateway", "Gateway Hours", "Data Processed", "microsoft.network/natgateways"},
		{"Networking", "Azure Bastion", "Standard Gateway", "Data Transfer Out", "microsoft.network/bastionhosts"},
		{"Networking", "Virtual WAN", "Hub Units", "Scale Units", "microsoft.network/virtualwans"},
		{"Storage", "Azure Site Recovery", "Replicated VM", "Replicated Server", "microsoft.recoveryservices/vaults"},
		{"Storage", "Azure NetApp Files", "Premium Capacity", "Standard Capacity", "microsoft.netapp/netappaccounts"},
		{"Storage", "Azure Data Box", "Order Service Fee", "Shipping", "microsoft.databox/jobs"},
		{"Integration", "Logic Apps", "Standard Connector", "Workflow Actions", "microsoft.logic/workflows"},
		{"Integration", "Service Bus", "Premium Messaging", "Standard Messaging", "microsoft.servicebus/namespaces"},
		{"Integration", "Event Grid", "Operations", "Namespace Throughput", "microsoft.eventgrid/topics"},
		{"Integration", "API Management", "Developer Unit", "Premium Unit", "microsoft.apimanagement/service"},
		{"Integration", "Event Hubs", "Throughput Units", "Capture", "microsoft.eventhub/namespaces"},
		{"AI", "Cognitive Services", "Vision S1", "Language Text", "microsoft.cognitiveservices/accounts"},
		{"AI", "Azure OpenAI", "GPT Input Tokens", "GPT Output Tokens", "microsoft.cognitiveservices/accounts"},
		{"AI", "Azure Machine Learning", "Managed Endpoints", "Compute Surcharge", "microsoft.machinelearningservices/workspaces"},
		{"AI", "Azure Cognitive Search", "Standard S1", "Semantic Ranker", "microsoft.search/searchservices"},
		{"Analytics", "Azure Synapse Analytics", "Dedicated SQL Pool", "Serverless SQL", "microsoft.synapse/workspaces"},
		{"Analytics", "Azure Data Factory", "Low Frequency Activity", "Data Movement", "microsoft.datafactory/factories"},
		{"Analytics", "HDInsight", "A Series Nodes", "Edge Node", "microsoft.hdinsight/clusters"},
		{"Analytics", "Stream Analytics", "Streaming Units", "Edge Devices", "microsoft.streamanalytics/streamingjobs"},
		{"Analytics", "Azure Data Explorer", "Engine Markup", "Standard L8s", "microsoft.kusto/clusters"},
		{"Analytics", "Power BI Embedded", "A1 Node", "A4 Node", "microsoft.powerbidedicated/capacities"},
		{"Analytics", "Microsoft Fabric", "Capacity Usage", "OneLake Storage", "microsoft.fabric/capacities"},
		{"Compute", "Virtual Machine Scale Sets", "Dv5 Series", "Fsv2 Series", "microsoft.compute/virtualmachinescalesets"},
		{"Compute", "Batch", "Dedicated Nodes", "Low Priority Nodes", "microsoft.batch/batchaccounts"},
		{"Compute", "Cloud Services", "Small Worker Role", "Medium Web Role", "microsoft.compute/cloudservices"},
		{"Compute", "Azure VMware Solution", "AV36P Node", "AV52 Node", "microsoft.avs/privateclouds"},
		{"Containers", "Container Instances", "vCPU Duration", "Memory Duration", "microsoft.containerinstance/containergroups"},
		{"Containers", "Azure Container Apps", "vCPU Active Usage", "Requests", "microsoft.app/containerapps"},
		{"Containers", "Azure Red Hat OpenShift", "Worker Node", "Control Plane", "microsoft.redhatopenshift/openshiftclusters"},
		{"Management", "Automation", "Job Run Time", "Update Management", "microsoft.automation/automationaccounts"},
		{"Internet of Things", "IoT Hub", "Standard S1 Unit", "Basic B1 Unit", "microsoft.devices/iothubs"},
		{"Web", "SignalR", "Standard Unit", "Messages", "microsoft.signalrservice/signalr"},
		{"Web", "Azure Maps", "Gen2 Transactions", "Location Insights", "microsoft.maps/accounts"},
		{"Other", "Unknown", "Unassigned", "Unassigned Adjustments", ""},
	}
}

// meterLevels are levels 3 and 4 of one of a service's meters, 0..metersPerService-1.
func (s service) meterLevels(meter int) (level3, level4 string) {
	level3 = s.meterA
	if meter >= metersPerService/2 {
		level3 = s.meterB
	}
	if meter%2 == 0 {
		return level3, level3 + " - Standard"
	}
	return level3, level3 + " - Additional"
}
