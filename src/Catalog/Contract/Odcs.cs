// The part of the Open Data Contract Standard 3.1 the catalogue holds, key by key as it stands in the file.
namespace Lizhou.Catalog.Contract;

internal sealed class Odcs
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public string? Id { get; set; }

    public string? Name { get; set; }

    public string? Version { get; set; }

    public string? Status { get; set; }

    /// <summary>Unified social credit code of the provider.</summary>
    public string? Tenant { get; set; }

    /// <summary>Name of the provider.</summary>
    public string? Domain { get; set; }

    public List<string>? Tags { get; set; }

    public OdcsDescription? Description { get; set; }

    public List<OdcsObject>? Schema { get; set; }

    public OdcsTeam? Team { get; set; }

    public List<OdcsSla>? SlaProperties { get; set; }

    public List<OdcsCustom>? CustomProperties { get; set; }
}

internal sealed class OdcsDescription
{
    public string? Purpose { get; set; }
}

internal sealed class OdcsObject
{
    public string? Name { get; set; }

    public string? PhysicalName { get; set; }

    public string? LogicalType { get; set; }

    public string? PhysicalType { get; set; }

    public string? BusinessName { get; set; }

    public List<OdcsProperty>? Properties { get; set; }
}

internal sealed class OdcsProperty
{
    public string? Id { get; set; }

    public string? Name { get; set; }

    public string? BusinessName { get; set; }

    public string? LogicalType { get; set; }

    /// <summary>The guide's letter.</summary>
    public string? PhysicalType { get; set; }

    public OdcsTypeOptions? LogicalTypeOptions { get; set; }

    public bool? PrimaryKey { get; set; }

    public int? PrimaryKeyPosition { get; set; }

    public bool? Required { get; set; }

    public string? Classification { get; set; }

    public string? Description { get; set; }

    public List<OdcsQuality>? Quality { get; set; }

    public List<OdcsCustom>? CustomProperties { get; set; }
}

internal sealed class OdcsTypeOptions
{
    public int? MaxLength { get; set; }

    public string? Pattern { get; set; }
}

internal sealed class OdcsQuality
{
    public string? Type { get; set; }

    public string? Metric { get; set; }

    public OdcsArguments? Arguments { get; set; }

    public int? MustBe { get; set; }
}

internal sealed class OdcsArguments
{
    public List<string>? ValidValues { get; set; }
}

internal sealed class OdcsTeam
{
    public List<OdcsMember>? Members { get; set; }
}

internal sealed class OdcsMember
{
    public string? Username { get; set; }

    public string? Role { get; set; }
}

internal sealed class OdcsSla
{
    public string? Property { get; set; }

    /// <summary>A number, or a word for a cycle that is none.</summary>
    public object? Value { get; set; }

    public string? Unit { get; set; }
}

internal sealed class OdcsCustom
{
    public string? Property { get; set; }

    public object? Value { get; set; }
}
